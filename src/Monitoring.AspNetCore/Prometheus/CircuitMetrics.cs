using Monitoring.CircuitBreakers;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Circuits, 256 at most.</summary>
internal static class CircuitMetrics
{
    public static readonly Metric State = new("monitoring_circuit_state", MetricType.Gauge, "", "0 closed, 1 half-open, 2 open or isolated.", "circuit");
    public static readonly Metric Trips = new("monitoring_circuit_trips", MetricType.Counter, "", "How often the circuit opened after it had been closed.", "circuit");
    public static readonly Metric Rejections = new("monitoring_circuit_rejections", MetricType.Counter, "", "Calls that the circuit refused.", "circuit");
    public static readonly Metric Probes = new("monitoring_circuit_probes", MetricType.Counter, "", "Probes let through, calls that served as one included.", "circuit");
    public static readonly Metric FailedProbes = new("monitoring_circuit_failed_probes", MetricType.Counter, "", "Probes that failed, were given up or took too long.", "circuit");

    public static IReadOnlyList<Metric> All { get; } = [State, Trips, Rejections, Probes, FailedProbes];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var circuits = monitor.CircuitBreakers.GetSummaries();
        Each(State, static circuit => circuit.State switch { CircuitState.Closed => 0, CircuitState.HalfOpen => 1, _ => 2 });
        Each(Trips, static circuit => circuit.Trips);
        Each(Rejections, static circuit => circuit.Rejections);
        Each(Probes, static circuit => circuit.Probes);
        Each(FailedProbes, static circuit => circuit.FailedProbes);

        void Each(Metric metric, Func<CircuitBreakerSummary, double?> value) => writer.Each(metric, circuits, static circuit => circuit.Name, value);
    }
}
