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
    private readonly InternalErrors _errors;
    private RuleEngine _rules;
    private StateJournal _journal;
    private AlertEvaluation _evaluation;

    public LifecycleStage(Action<AlertOptions>? configure = null)
    {
        configure?.Invoke(Options);
        _errors = new InternalErrors(NullLogger.Instance, Clock);
        (_rules, _journal, Silences, Registry, _evaluation) = Make();
    }

    public FakeClock Clock { get; } = new();

    public AlertOptions Options { get; set; } = new();

    public FakeSource Source { get; } = new();

    public InMemoryStateStore Store { get; } = new();

    public AlertSilences Silences { get; private set; }

    public AlertRegistry Registry { get; private set; }

    /// <summary>What the channels would be told; written under the registry's lock.</summary>
    public List<Alert> Told { get; } = [];

    public IReadOnlyList<Alert> Active => Registry.GetAlerts(static life => life.IsActive);

    public long ErrorCount => _errors.Count;

    private Moment Now => new(Clock.GetElapsedTime(0), Clock.GetUtcNow());

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

    public AlertResolveOutcome Resolve(string key) => Registry.Resolve(key, Now, null, "ada");

    public AlertAcknowledgeOutcome Acknowledge(string key) => Registry.Acknowledge(key, Now, null, "bob");

    /// <summary>Takes over the options as they are now.</summary>
    public void Reload() => _rules.Reload(Options);

    /// <summary>Writes what is noted, and goes on with a new registry over the same store. A crash forgets the values of the last minute, and some time may pass in between.</summary>
    public void Restart(bool crash = false, TimeSpan away = default)
    {
        if (!crash)
        {
            Registry.Refresh(Now, all: true);
        }

        _journal.FlushAsync(default).AsTask().GetAwaiter().GetResult().Should().BeTrue();
        Dispose();
        Clock.Advance(away);
        (_rules, _journal, Silences, Registry, _evaluation) = Make();
        var stored = new AlertArchive(_journal, _errors).ReadAsync(default).GetAwaiter().GetResult();
        Registry.Restore(stored, Now);
    }

    public void Dispose()
    {
        _rules.Dispose();
        _journal.Dispose();
    }

    private (RuleEngine, StateJournal, AlertSilences, AlertRegistry, AlertEvaluation) Make()
    {
        var rules = new RuleEngine(Options, [Source], [], Clock, _errors);
        var journal = new StateJournal(Store, _errors);
        var silences = new AlertSilences(Clock, journal, new AuditLog(Clock), _errors);
        var registry = new AlertRegistry(Options.ResolvedCapacity, new AlertArchive(journal, _errors), Told.Add);
        return (rules, journal, silences, registry, new AlertEvaluation(rules, registry, new AlertSuppressor(Options, silences), new AlertContext(null, _errors), _errors));
    }
}
