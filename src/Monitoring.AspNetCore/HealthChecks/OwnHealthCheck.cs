using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monitoring.AspNetCore.HealthChecks;

/// <summary>
/// A health check that answers with what the monitor knows already, and asks nobody. It is by the type of the factory's owner
/// that ours are told from the host's.
/// </summary>
internal sealed class OwnHealthCheck(Func<IPerformanceMonitor, HealthStatus, HealthCheckResult> read)
{
    /// <summary>Whether a registration is one of ours.</summary>
    public static bool IsOwn(HealthCheckRegistration registration) => registration.Factory.Target is OwnHealthCheck;

    public HealthCheckRegistration Register(string name, IEnumerable<string> tags) => new(name, Make, failureStatus: null, tags);

    private Check Make(IServiceProvider provider) => new Check(provider.GetRequiredService<IPerformanceMonitor>(), read);

    private sealed class Check(IPerformanceMonitor monitor, Func<IPerformanceMonitor, HealthStatus, HealthCheckResult> read) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(read(monitor, context.Registration.FailureStatus));
    }
}
