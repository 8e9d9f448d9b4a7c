using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Monitoring.Requests;

namespace Monitoring.AspNetCore.Requests;

/// <summary>
/// Records each request that passes: route template, method, status, time, who asked. Thread-safe. An exception passes by untouched, and an error of ours
/// costs no request. Allocates nothing while the host says when a request has ended.
/// </summary>
internal sealed class RequestMonitoringMiddleware(RequestDelegate next, RequestMonitor monitor, RequestMonitoringOptions options, bool isHosted)
{
    private static readonly Func<object, string?> Naming = static context => NameOf((HttpContext)context);
    private static readonly Func<object, Task> WriteTiming = static context => WriteServerTiming((HttpContext)context);

    public Task InvokeAsync(HttpContext context)
    {
        if (Begin(context) is not { } request)
        {
            return next(context);
        }

        return IsToldOfItsEnd(context) ? Follow(context, request) : AwaitAsync(context, request);
    }

    /// <summary>The request has ended. Never throws.</summary>
    /// <param name="context">Its context.</param>
    /// <param name="request">What is known of it; not to be used any more.</param>
    public void End(HttpContext context, MonitoredRequest request)
    {
        try
        {
            context.Features.Set<MonitoredRequest>(null);
            var endpoint = request.Endpoint is null ? RequestIdentity.EndpointOf(context) : null;
            if (IsExcluded(endpoint))
            {
                monitor.Forget(request.Ticket);
            }
            else
            {
                var (user, tenant) = Identify(context);
                monitor.End(
                    request.Ticket,
                    new RequestMetric(request.Endpoint ?? RequestIdentity.NameOf(endpoint), default)
                    {
                        Method = request.Method,
                        StatusCode = StatusOf(context, request.Failure),
                        CacheHit = request.CacheHit,
                        UserId = user,
                        TenantId = tenant,
                    },
                    request.Activity);
            }

            request.Return();
        }
        catch (Exception exception)
        {
            monitor.Errors.Report("request-end", exception);
        }
    }

    private static bool IsExcluded(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<RequestExclusion>() is not null;

    // A client that went away is not the server's failure. Its token is made when it is asked for, so it is asked only when an exception
    // got away that may be about it; servers cancel it after any exception that came too late for an error page.
    private static int StatusOf(HttpContext context, Exception? failure) => failure switch
    {
        null => context.Response.StatusCode,
        OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested => RequestMetric.ClientClosedRequest,
        _ when context.Response.StatusCode >= StatusCodes.Status400BadRequest => context.Response.StatusCode,
        BadHttpRequestException bad => bad.StatusCode,
        _ => StatusCodes.Status500InternalServerError,
    };

    // The host started an activity for this context, and told us: it will tell of the end as well.
    private bool IsToldOfItsEnd(HttpContext context) => isHosted && context.Features.Get<IHttpActivityFeature>() is not null;

    private MonitoredRequest? Begin(HttpContext context)
    {
        try
        {
            // A pipeline that is run again, for an error page, is still the same request.
            var endpoint = context.GetEndpoint();
            if (IsExcluded(endpoint) || context.Features.Get<MonitoredRequest>() is not null)
            {
                return null;
            }

            var name = endpoint is null ? null : RequestIdentity.NameOf(endpoint);
            var method = RequestIdentity.MethodOf(context);
            var activity = Activity.Current;
            var ticket = monitor.Begin(name, method, activity, context, Naming);
            var request = MonitoredRequest.Rent(this, in ticket, activity, method, name);
            context.Features.Set(request);
            if (options.ServerTiming)
            {
                context.Response.OnStarting(WriteTiming, context);
            }

            return request;
        }
        catch (Exception exception)
        {
            monitor.Errors.Report("request-begin", exception);
            return null;
        }
    }

    // The task of the pipeline is the caller's, and is looked at when the request has ended: awaiting it here would cost another one.
    private Task Follow(HttpContext context, MonitoredRequest request)
    {
        try
        {
            return request.Pipeline = next(context);
        }
        catch (Exception exception)
        {
            request.Thrown = exception;
            throw;
        }
    }

    // For a pipeline that no host runs, such as one that a test calls.
    private async Task AwaitAsync(HttpContext context, MonitoredRequest request)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            request.Thrown = exception;
            throw;
        }
        finally
        {
            End(context, request);
        }
    }

    private (string? User, string? Tenant) Identify(HttpContext context)
    {
        try
        {
            var user = RequestIdentity.UserOf(context);
            return (
                user is null ? null : RequestIdentity.IdOf(user),
                options.Tenant?.Invoke(context) ?? (options.TenantClaim is { } claim ? user?.FindFirst(claim)?.Value : null));
        }
        catch (Exception exception)
        {
            monitor.Errors.Report("request-identity", exception);
            return default;
        }
    }

    // For a query while routing has not been yet when the request began.
    private static string NameOf(HttpContext context) => $"{RequestIdentity.MethodOf(context)} {RequestIdentity.NameOf(context.GetEndpoint())}";

    private static Task WriteServerTiming(HttpContext context)
    {
        if (context.Features.Get<MonitoredRequest>() is { } request)
        {
            request.Middleware.WriteServerTiming(context, request);
        }

        return Task.CompletedTask;
    }

    private void WriteServerTiming(HttpContext context, MonitoredRequest request)
    {
        try
        {
            context.Response.Headers.Append(ServerTimingHeader.Name, ServerTimingHeader.Of(monitor.Peek(request.Ticket)));
        }
        catch (Exception exception)
        {
            monitor.Errors.Report("server-timing", exception);
        }
    }
}
