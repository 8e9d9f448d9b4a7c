using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>What a measurement of the host's costs on its thread when a rule names the instrument, and when none does.</summary>
[MemoryDiagnoser]
public class InstrumentBenchmarks
{
    private readonly Meter _meter = new("Benchmarks.Shop");
    private AlertManager _alerts = null!;
    private Counter<long> _unheard = null!;
    private Counter<long> _orders = null!;
    private Counter<long> _byRegion = null!;
    private Histogram<double> _durations = null!;

    [GlobalSetup]
    public void Setup()
    {
        (_unheard, _orders, _byRegion, _durations) =
            (_meter.CreateCounter<long>("unheard"), _meter.CreateCounter<long>("orders"), _meter.CreateCounter<long>("regions"), _meter.CreateHistogram<double>("duration", "s"));
        var options = new AlertOptions();
        options.Rules.Add(new AlertRuleOptions { Name = "orders", Metric = "Benchmarks.Shop/orders", Warning = 1e12 });
        options.Rules.Add(new AlertRuleOptions { Name = "regions", Metric = "Benchmarks.Shop/regions", By = { "region" }, Tags = { ["code"] = "200" }, Warning = 1e12 });
        options.Rules.Add(new AlertRuleOptions { Name = "duration", Metric = "Benchmarks.Shop/duration", Warning = 1e12 });
        _alerts = new AlertManager(TimeProvider.System, options, [], [], new InternalErrors(NullLogger.Instance, TimeProvider.System));
    }

    [Benchmark(Baseline = true)]
    public void CounterThatNobodyHears() => _unheard.Add(1);

    [Benchmark]
    public void Counter() => _orders.Add(1);

    [Benchmark]
    public void CounterByTag() => _byRegion.Add(1, new("region", "eu"), new("code", "200"));

    [Benchmark]
    public void HistogramWithPercentiles() => _durations.Record(0.25);

    [GlobalCleanup]
    public void Cleanup()
    {
        _alerts.Dispose();
        _meter.Dispose();
    }
}
