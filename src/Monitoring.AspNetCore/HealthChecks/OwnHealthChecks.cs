using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Monitoring.Alerts;
using Monitoring.DependencyInjection;
using Monitoring.Services;

namespace Monitoring.AspNetCore.HealthChecks;

/// <summary>
/// Adds our checks to the host's: one for the monitor's active alerts, and one for each probe that was registered. After all
/// others, so that a name that the host has taken stays the host's.
/// </summary>
internal sealed class OwnHealthChecks(IEnumerable<ServiceProbeRegistration> probes, OwnHealthCheckTags tags) : IPostConfigureOptions<HealthCheckServiceOptions>
{
    public const string OverallName = "monitoring";

    public void PostConfigure(string? name, HealthCheckServiceOptions options)
    {
        var taken = options.Registrations.Select(static registration => registration.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Add(OverallName, new OwnHealthCheck(static (monitor, failure) => OfAlerts(monitor.GetActiveAlerts(), failure)));
        foreach (var probe in probes)
        {
            Add(probe.Name, new OwnHealthCheck((monitor, failure) => OfService(monitor.Services.GetStatus(probe.Name), failure)));
        }

        void Add(string wanted, OwnHealthCheck check)
        {
            var free = taken.Add(wanted) ? wanted : $"{OverallName}-{wanted}";
            if (free == wanted || taken.Add(free))
            {
                options.Registrations.Add(check.Register(free, tags.Tags));
            }
        }
    }

    private static HealthCheckResult OfAlerts(IReadOnlyList<Alert> active, HealthStatus failure)
    {
        var counts = AlertSummary.Of(active);
        return counts switch
        {
            { Total: 0 } => HealthCheckResult.Healthy("No alert is active."),
            { Critical: 0 } => HealthCheckResult.Degraded($"{counts.Warning} alerts are active."),
            _ => new HealthCheckResult(failure, $"{counts.Total} alerts are active, {counts.Critical} of them critical."),
        };
    }

    // One that has not been asked yet is no reason to take the host out of service.
    private static HealthCheckResult OfService((ServiceStatus Status, string? Description, bool IsOptional)? service, HealthStatus failure) => service switch
    {
        { Status: ServiceStatus.Healthy } => HealthCheckResult.Healthy(),
        { Status: ServiceStatus.Critical, IsOptional: false } critical => new HealthCheckResult(failure, critical.Description),
        { Status: ServiceStatus.Unknown } => HealthCheckResult.Degraded("It has not been asked yet."),
        { } other => HealthCheckResult.Degraded(other.Description),
        null => HealthCheckResult.Degraded("It is not watched."),
    };
}

/// <summary>Tags of our checks.</summary>
internal sealed record OwnHealthCheckTags(IReadOnlyList<string> Tags);
