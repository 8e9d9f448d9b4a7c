using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.CircuitBreakers;

/// <summary>The circuits of one monitor, by name.</summary>
public sealed class CircuitBreakerRegistry(TimeProvider timeProvider, CircuitBreakerOptions options, ILogger logger) : IMetricSource
{
    private readonly TimeProvider _timeProvider = timeProvider;
    private readonly CircuitBreakerOptions _options = options;
    private readonly ILogger _logger = logger;

    /// <summary>The circuit of that name, made when it is asked for the first time.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isFailure">Which exceptions speak against the health of what the circuit protects.</param>
    /// <param name="probe">Asks whether it is back, for circuits that nobody calls; null when only calls can tell.</param>
    public CircuitBreaker GetOrAdd(string name, Func<Exception, bool> isFailure, Func<CancellationToken, Task>? probe = null) =>
        throw new NotImplementedException();

    /// <summary>The circuit of that name, or null.</summary>
    public CircuitBreaker? Find(string name) => throw new NotImplementedException();

    /// <summary>State and history of each circuit.</summary>
    public IReadOnlyList<CircuitBreakerSummary> GetSummaries() => throw new NotImplementedException();

    /// <summary>Starts due probes; called by the monitor's loop about once a second.</summary>
    public void Tick() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window) => throw new NotImplementedException();
}
