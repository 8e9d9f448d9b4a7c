using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.TaskQueues;

namespace Monitoring.AspNetCore.Admission;

/// <summary>Asks whether a request may add work to a queue, before anything of it is read.</summary>
/// <param name="priority">Priority of the work that the request brings.</param>
/// <param name="queue">Name of the queue; null for <see cref="TaskQueueMonitor.DefaultQueue"/>.</param>
internal sealed class AdmissionGate(TaskPriority priority, string? queue)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var decision = Decide(context);
        return decision.IsAdmitted ? next(context) : RefuseAsync(context, decision);
    }

    // An error of ours must not cost a request: it is admitted.
    private AdmissionDecision Decide(HttpContext context)
    {
        try
        {
            return context.RequestServices.GetRequiredService<IAdmission>().Admit(priority, queue);
        }
        catch (Exception exception)
        {
            if (context.RequestServices.GetService<ILoggerFactory>()?.CreateLogger(ApiLog.Category) is { } logger)
            {
                ApiLog.AdmissionFailed(logger, exception);
            }

            return new AdmissionDecision { IsAdmitted = true, Priority = priority };
        }
    }

    // Retry-After in seconds: RFC 9110, 10.2.3.
    private static Task RefuseAsync(HttpContext context, AdmissionDecision decision)
    {
        var seconds = Math.Max(1, Math.Ceiling(decision.RetryAfter.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString("0", CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        return Problems.For(StatusCodes.Status503ServiceUnavailable, decision.Reason ?? "There is too much to do at the moment.").ExecuteAsync(context);
    }
}
