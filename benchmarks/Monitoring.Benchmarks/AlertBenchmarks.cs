using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>One evaluation of 500 series, without what the rooms need to compute them. Budget: 5 ms.</summary>
[MemoryDiagnoser]
public class AlertBenchmarks
{
    private AlertManager _alerts = null!;

    /// <summary>How many of the series breach their threshold at every evaluation.</summary>
    [Params(0, 500)]
    public int Breaching { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _alerts = new AlertManager(TimeProvider.System, new AlertOptions(), [new Source(500, Breaching)], [], new InternalErrors(NullLogger.Instance, TimeProvider.System));
        _alerts.Evaluate();
    }

    [Benchmark]
    public void Evaluate500Series() => _alerts.Evaluate();

    [GlobalCleanup]
    public void Cleanup() => _alerts.Dispose();

    private sealed class Source(int series, int breaching) : IMetricSource
    {
        private readonly string[] _operations = [.. Enumerable.Range(0, series).Select(number => $"OPERATION{number}")];

        public void Collect(ICollection<MetricReading> readings, TimeSpan window)
        {
            for (var i = 0; i < _operations.Length; i++)
            {
                readings.Add(new MetricReading(MetricNames.RedisOperationLatency, i < breaching ? 300 : 2, _operations[i], Count: 100));
            }
        }
    }
}
