using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monitoring.Services;

namespace Monitoring.AspNetCore;

/// <summary>How the health checks of the host are run by the monitor.</summary>
public sealed class HealthCheckProbeOptions : ServiceProbeOptions
{
    /// <summary>Which checks; all when null, the default. The monitor's own are never among them.</summary>
    public Func<HealthCheckRegistration, bool>? Predicate { get; set; }
}
