using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.Alerts.Outbox;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts.Outbox;

/// <summary>An outbox by itself, with alerts made by hand, a clock and receivers that a test plays with.</summary>
internal sealed class OutboxStage : IDisposable
{
    private readonly IAlertNotifier[] _notifiers;
    private readonly Dictionary<string, Alert> _alerts = [];
    private StateJournal _journal = null!;
    private CrashingProcess? _process;

    public OutboxStage(params IAlertNotifier[] notifiers)
        : this(configure: null, notifiers)
    {
    }

    public OutboxStage(Action<AlertOptions>? configure, params IAlertNotifier[] notifiers)
    {
        configure?.Invoke(Options);
        _notifiers = notifiers;
        Errors = new InternalErrors(NullLogger.Instance, Clock);
        Outbox = Make();
    }

    public FakeClock Clock { get; } = new();

    public AlertOptions Options { get; } = new();

    public InternalErrors Errors { get; }

    public IStateStore Store { get; init; } = new InMemoryStateStore();

    public AlertOutbox Outbox { get; private set; }

    public AlertNotifierStatus Status => Outbox.GetStatus()[0];

    public Alert Fire(string instance, AlertSeverity severity = AlertSeverity.Warning, string rule = "redis-operation-latency") => Put(new Alert
    {
        Key = $"{rule}.{instance}",
        Id = Guid.NewGuid().ToString("N"),
        Rule = rule,
        Instance = instance,
        Category = AlertCategory.Redis,
        Severity = severity,
        State = AlertState.Firing,
        Message = "too slow",
        Metric = "latency",
        StartedAt = Clock.GetUtcNow(),
        LastSeenAt = Clock.GetUtcNow(),
    });

    public Alert Change(string instance, Func<Alert, Alert> change) => Put(change(_alerts[instance]));

    public Alert Resolve(string instance) =>
        Change(instance, alert => alert with { State = AlertState.Resolved, Resolution = AlertResolution.Automatic, ResolvedAt = Clock.GetUtcNow() });

    public AlertDelivery DeliveryOf(string instance) => Outbox.GetDeliveries(_alerts[instance].Id)[0];

    /// <summary>Moves on, second by second, and lets the channels tell what can be told.</summary>
    public async Task RunAsync(double seconds)
    {
        for (; seconds > 0; seconds--)
        {
            Clock.Advance(TimeSpan.FromSeconds(Math.Min(seconds, 1)));
            Outbox.Tick();
            await IdleAsync();
        }
    }

    public Task IdleAsync() => Outbox.IdleAsync().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Another outbox over the same store; the old one has crashed, and what it had not written is lost.</summary>
    public async Task RestartAsync()
    {
        Outbox = Make();
        await Outbox.RestoreAsync([.. _alerts.Values.Where(static alert => alert.State != AlertState.Resolved)], [.. _alerts.Values.Where(static alert => alert.State == AlertState.Resolved)], CancellationToken.None);
    }

    public void Dispose() => Outbox.Dispose();

    private Alert Put(Alert alert)
    {
        _alerts[alert.Instance!] = alert;
        Outbox.Changed(alert);
        return alert;
    }

    /// <summary>Writes what is noted.</summary>
    public async Task WriteAsync() => await _journal.FlushAsync(CancellationToken.None);

    /// <summary>Lets the store of alerts forget those that are over, as it does when they become too many.</summary>
    public void ForgetEnded()
    {
        foreach (var (instance, alert) in _alerts.ToArray())
        {
            if (alert.State == AlertState.Resolved)
            {
                _alerts.Remove(instance);
            }
        }
    }

    private AlertOutbox Make()
    {
        _process?.Crash();
        _process = new CrashingProcess(Store, _notifiers);
        _journal = new StateJournal(_process.Store, Errors);
        return new AlertOutbox(_process.Notifiers, Options, Clock, Errors, _journal);
    }
}
