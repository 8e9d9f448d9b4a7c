using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Alerts.Suppression;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>What keeps 10,000 active alerts quiet, asked once as every evaluation does: an open circuit behind them all, and silences.</summary>
[MemoryDiagnoser]
public class SuppressionBenchmarks
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AlertOptions _options = new();
    private Alert[] _alerts = [];
    private StateJournal _journal = null!;
    private AlertSilences _silences = null!;
    private AlertSuppressor _suppressor = null!;

    /// <summary>How many silences there are, half of which ask for one rule and half for an expression.</summary>
    [Params(0, 100)]
    public int Silences { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var errors = new InternalErrors(NullLogger.Instance, TimeProvider.System);
        _journal = new StateJournal(new InMemoryStateStore(), errors);
        _silences = new AlertSilences(TimeProvider.System, _journal, new AuditLog(), errors);
        for (var i = 0; i < Silences; i++)
        {
            var rule = i % 2 == 0 ? new LabelMatcher("alertname", $"rule-{i}") : new LabelMatcher("alertname", $"rule-{i}.*", IsRegex: true);
            _silences.Add(new Silence { Matchers = [rule], EndsAt = DateTimeOffset.UtcNow.AddDays(1), Author = "benchmark", Reason = "benchmark" });
        }

        _alerts =
        [
            Make(MetricNames.CircuitState, "main") with { Labels = new Dictionary<string, string> { [MetricReading.DependencyLabel] = "redis" } },
            .. Enumerable.Range(0, 9_999).Select(static number => Make(MetricNames.RedisOperationLatency, $"OPERATION{number}")),
        ];
        _suppressor = new AlertSuppressor(_options, _silences);
    }

    /// <summary>Nothing has changed since the last evaluation.</summary>
    [Benchmark]
    public int Steady() => Ask();

    /// <summary>The silences have changed, so that everything is matched anew.</summary>
    [Benchmark]
    public int AfterAChange()
    {
        _suppressor.Reload(_options);
        return Ask();
    }

    [GlobalCleanup]
    public void Cleanup() => _journal.Dispose();

    private int Ask()
    {
        _suppressor.Prepare(_alerts, Now);
        var quiet = 0;
        foreach (var alert in _alerts)
        {
            quiet += _suppressor.Find(alert, Now) is null ? 0 : 1;
        }

        return quiet == 9_999 ? quiet : throw new InvalidOperationException($"{quiet} alerts are quiet.");
    }

    private static Alert Make(string rule, string instance) => new()
    {
        Key = $"{rule}.{instance}",
        Rule = rule,
        Instance = instance,
        Category = AlertCategory.Redis,
        Severity = AlertSeverity.Critical,
        Metric = rule,
        Message = "",
        State = AlertState.Firing,
        StartedAt = Now,
    };
}
