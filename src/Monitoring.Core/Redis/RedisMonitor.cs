using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Redis;

/// <summary>What is known of Redis: operations, failures, connections, circuits. Knows no client library.</summary>
public sealed class RedisMonitor(SliceClock clock, RedisMonitoringOptions options, CircuitBreakerRegistry circuitBreakers, InternalErrors errors) : IMetricSource
{
    private readonly SliceClock _clock = clock;
    private readonly RedisMonitoringOptions _options = options;
    private readonly CircuitBreakerRegistry _circuitBreakers = circuitBreakers;

    /// <summary>Where errors of the decorators themselves go.</summary>
    public InternalErrors Errors { get; } = errors;

    /// <summary>Shows a connection in the summary until the returned registration is disposed.</summary>
    /// <param name="status">Reads its state now; called for each summary, must not block.</param>
    public IDisposable AddConnection(Func<RedisConnectionStatus> status) => throw new NotImplementedException();

    /// <summary>The recorder of one command; beyond the cap, the shared one named <c>OTHER</c>.</summary>
    public RedisOperationRecorder GetOperation(string operation) => throw new NotImplementedException();

    /// <summary>Records an operation that was measured elsewhere.</summary>
    public void Record(in RedisOperationMetric metric) => throw new NotImplementedException();

    /// <summary>Everything known about the last <paramref name="window"/>; an hour by default.</summary>
    public RedisOperationSummary GetSummary(TimeSpan? window = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window) => throw new NotImplementedException();
}
