using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Alerts.Outbox;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>What 10,000 alerts that change within one evaluation cost the evaluation on six channels. Budget: 50 ms for all of the evaluation.</summary>
[MemoryDiagnoser]
public class AlertOutboxBenchmarks
{
    private const int Alerts = 10_000;
    private const int Channels = 6;

    private readonly Alert[] _firing = [.. Enumerable.Range(0, Alerts).Select(Fire)];
    private readonly Alert[] _resolved = [.. Enumerable.Range(0, Alerts).Select(number => Fire(number) with { State = AlertState.Resolved })];
    private AlertOutbox _fresh = null!;
    private AlertOutbox _told = null!;

    [IterationSetup]
    public void Setup()
    {
        _fresh = Make();
        _told = Make();
        foreach (var alert in _firing)
        {
            _told.Changed(alert);
        }

        SpinWait.SpinUntil(() => _told.GetStatus().All(static status => status.Delivered == Alerts));
    }

    [Benchmark]
    public void OutboxTenThousandFire()
    {
        foreach (var alert in _firing)
        {
            _fresh.Changed(alert);
        }
    }

    [Benchmark]
    public void OutboxTenThousandEnd()
    {
        foreach (var alert in _resolved)
        {
            _told.Changed(alert);
        }
    }

    [Benchmark]
    public void OutboxTickWithNothingDue() => _told.Tick();

    [IterationCleanup]
    public void Cleanup()
    {
        _fresh.Dispose();
        _told.Dispose();
    }

    private static AlertOutbox Make()
    {
        var errors = new InternalErrors(NullLogger.Instance, TimeProvider.System);
        return new AlertOutbox([.. Enumerable.Range(0, Channels).Select(static _ => new Taker())], new AlertOptions(), TimeProvider.System, errors, new StateJournal(new InMemoryStateStore(), errors));
    }

    private static Alert Fire(int number) => new()
    {
        Key = $"redis-operation-latency.operation{number}",
        Id = $"{number:x32}",
        Rule = "redis-operation-latency",
        Instance = $"OPERATION{number}",
        Category = AlertCategory.Redis,
        Severity = AlertSeverity.Warning,
        State = AlertState.Firing,
        Message = "too slow",
        Metric = MetricNames.RedisOperationLatency,
    };

    private sealed class Taker : IAlertNotifier
    {
        public string Name => "taker";

        public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
    }
}
