using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>The one evaluation in which 10,000 series that were quiet breach at once: all of it, up to the books of the channels. Budget: 50 ms.</summary>
[MemoryDiagnoser]
public class AlertStormBenchmarks
{
    private const int Series = 10_000;

    private readonly Storm _storm = new();
    private AlertManager _alerts = null!;

    /// <summary>How many channels are to be told.</summary>
    [Params(1, 6)]
    public int Channels { get; set; }

    [IterationSetup]
    public void Setup()
    {
        _storm.Rages = false;
        _alerts = new AlertManager(
            TimeProvider.System, new AlertOptions(), [_storm], Enumerable.Range(0, Channels).Select(static _ => new Deaf()), new InternalErrors(NullLogger.Instance, TimeProvider.System));
        _alerts.Evaluate();
        _storm.Rages = true;
    }

    [Benchmark]
    public void EvaluateTenThousandThatBreachAtOnce() => _alerts.Evaluate();

    [IterationCleanup]
    public void Cleanup()
    {
        if (_alerts.GetActive().Count != Series)
        {
            throw new InvalidOperationException($"{_alerts.GetActive().Count} alerts fire.");
        }

        _alerts.Dispose();
    }

    private sealed class Storm : IMetricSource
    {
        private static readonly string[] Operations = [.. Enumerable.Range(0, Series).Select(static number => $"OPERATION{number}")];

        public bool Rages { get; set; }

        public void Collect(ICollection<MetricReading> readings, TimeSpan window)
        {
            foreach (var operation in Operations)
            {
                readings.Add(new MetricReading(MetricNames.RedisOperationLatency, Rages ? 300 : 2, operation, Count: 100));
            }
        }
    }

    private sealed class Deaf : IAlertNotifier
    {
        public string Name => "deaf";

        public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
