using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Monitoring.Services;

namespace Monitoring.AspNetCore.HealthChecks;

/// <summary>Has the monitor run the health checks of the host from its start, each as a service; ours are left out, or each would wait for the other.</summary>
internal sealed class HostHealthChecks(
    IPerformanceMonitor monitor, HealthCheckService checks, IOptions<HealthCheckServiceOptions> registered, HealthCheckProbeOptions options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registered.Value.Registrations)
        {
            if (!OwnHealthCheck.IsOwn(registration) && options.Predicate?.Invoke(registration) != false)
            {
                Watch(registration.Name);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static ServiceProbeResult Read(HealthReport report, string check) => !report.Entries.TryGetValue(check, out var entry)
        ? default
        : entry.Status switch
        {
            HealthStatus.Healthy => ServiceProbeResult.Healthy,
            HealthStatus.Degraded => ServiceProbeResult.Warning(Describe(entry)),
            _ => ServiceProbeResult.Critical(Describe(entry)),
        };

    private static string? Describe(HealthReportEntry entry) => entry.Exception is { } exception ? ErrorText.Of(exception) : entry.Description;

    private void Watch(string check)
    {
        // The name of a probe that was registered stays that probe's.
        var name = monitor.Services.GetStatus(check) is null ? check : $"health-check-{check}";
        try
        {
            monitor.Services.Add(name, "health-check", async token => Read(await checks.CheckHealthAsync(known => known.Name == check, token).ConfigureAwait(false), check), options);
        }
        catch (ArgumentException exception)
        {
            // Names of checks may be what names of services may not.
            monitor.Services.Errors.Report("health check probe", exception);
        }
    }
}
