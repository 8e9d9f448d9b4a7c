using Monitoring.AspNetCore.Admission;
using Monitoring.TaskQueues;

namespace Microsoft.AspNetCore.Builder;

/// <summary>
/// Refuses requests while the queue that they would fill backs up: <c>503</c> with <c>Retry-After</c> (RFC 9110, 10.2.3) and
/// an RFC 9457 problem, before the body is read. Low priority goes first; see <see cref="IAdmission"/>.
/// </summary>
public static class MonitoringAdmissionExtensions
{
    /// <summary>Refuses requests to these endpoints while work of that priority is not admitted. Needs no middleware; runs after authorization.</summary>
    /// <param name="endpoints">An endpoint or a group.</param>
    /// <param name="priority">Priority of the work that a request brings.</param>
    /// <param name="queue">Name of the queue; <see cref="TaskQueueMonitor.DefaultQueue"/> by default. A queue that is not known admits everything.</param>
    /// <returns><paramref name="endpoints"/>.</returns>
    public static TBuilder RequireAdmission<TBuilder>(this TBuilder endpoints, TaskPriority priority = TaskPriority.Normal, string? queue = null)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var gate = new AdmissionGate(priority, queue);

        // The finished delegate is wrapped, not filtered: a filter would run after the body was bound.
        endpoints.Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } next)
            {
                endpoint.RequestDelegate = context => gate.InvokeAsync(context, next);
            }
        });
        return endpoints;
    }

    /// <summary>Refuses every request that reaches this middleware while work of that priority is not admitted; for a branch of the pipeline.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="priority">Priority of the work that a request brings.</param>
    /// <param name="queue">Name of the queue; <see cref="TaskQueueMonitor.DefaultQueue"/> by default. A queue that is not known admits everything.</param>
    /// <returns><paramref name="app"/>.</returns>
    public static IApplicationBuilder UseAdmission(this IApplicationBuilder app, TaskPriority priority = TaskPriority.Normal, string? queue = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var gate = new AdmissionGate(priority, queue);
        return app.Use(gate.InvokeAsync);
    }
}
