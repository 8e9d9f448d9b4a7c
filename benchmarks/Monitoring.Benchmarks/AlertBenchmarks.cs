using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>
/// One evaluation, without what the rooms need to compute their series: of rules, lives of alerts and what there is to be told.
/// Budget: 5 ms for 500 series. What happens when 10,000 begin to breach at once is <see cref="AlertStormBenchmarks"/>.
/// </summary>
[MemoryDiagnoser]
public class AlertBenchmarks
{
    private AlertManager _alerts = null!;

    /// <summary>How many series there are, and how many of them breach their threshold at every evaluation.</summary>
    [Params("500, 0 breach", "500, 500 breach", "10000, 10000 breach")]
    public string Load { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var numbers = Load.Replace("breach", "", StringComparison.Ordinal).Split(',').Select(static number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        _alerts = new AlertManager(TimeProvider.System, new AlertOptions(), [new Source(numbers[0], numbers[1])], [], new InternalErrors(NullLogger.Instance, TimeProvider.System));
        _alerts.Evaluate();
    }

    [Benchmark]
    public void Evaluate() => _alerts.Evaluate();

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
