using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Alerts.Lifecycle;
using Monitoring.Alerts.Rules;
using Monitoring.Alerts.Suppression;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>Rules, evaluation and registry without channels: what they would be told is in a list, each change of it.</summary>
internal sealed class LifecycleStage : IDisposable
{
    private readonly AlertEvaluation _evaluation;
    private readonly RuleEngine _rules;
    private readonly StateJournal _journal;

    public LifecycleStage(Action<AlertOptions>? configure = null, Func<IReadOnlyDictionary<string, string>>? circumstances = null)
    {
        configure?.Invoke(Options);
        var errors = new InternalErrors(NullLogger.Instance, Clock);
        _rules = new RuleEngine(Options, [Source], [], Clock, errors);
        Registry = new AlertRegistry(Options.ResolvedCapacity, Told.Add);
        _journal = new StateJournal(Store, errors);
        Silences = new AlertSilences(Clock, _journal, new AuditLog(Clock), errors);
        _evaluation = new AlertEvaluation(_rules, Registry, new AlertSuppressor(Options, Silences), new AlertContext(circumstances, errors), errors);
    }

    public FakeClock Clock { get; } = new();

    public AlertOptions Options { get; } = new();

    public FakeSource Source { get; } = new();

    public InMemoryStateStore Store { get; } = new();

    public AlertSilences Silences { get; }

    public AlertRegistry Registry { get; }

    /// <summary>What the channels would be told; written under the registry's lock.</summary>
    public List<Alert> Told { get; } = [];

    public IReadOnlyList<Alert> Active => Registry.GetAlerts(pending: false);

    public void Latency(double milliseconds, string operation = "GET") =>
        Source.Set(new MetricReading(MetricNames.RedisOperationLatency, milliseconds, operation, Count: 100));

    /// <summary>Evaluates once a second.</summary>
    public void Run(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            _evaluation.Run(Now, Options);
        }
    }

    public AlertResolveOutcome Resolve(string key) => Registry.Resolve(key, Now.Elapsed, Now.Utc, null, "ada");

    public AlertAcknowledgeOutcome Acknowledge(string key) => Registry.Acknowledge(key, Now.Utc, null, "bob");

    public void Dispose()
    {
        _rules.Dispose();
        _journal.Dispose();
    }

    private Moment Now => new(Clock.GetElapsedTime(0), Clock.GetUtcNow());
}
