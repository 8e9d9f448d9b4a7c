using Monitoring.Alerts.Lifecycle;
using Monitoring.Alerts.Outbox;
using Monitoring.Alerts.Rules;
using Monitoring.Alerts.Suppression;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Alerts;

/// <summary>
/// Evaluates rules over snapshots and keeps the alerts: active ones by key, resolved ones in a bounded list. Thread-safe.
/// An alert fires when its value breaches a threshold over a long and over a short window, changes severity in place, and
/// is resolved when the short window has been clear for some time.
/// </summary>
public sealed class AlertManager : IDisposable, IAsyncDisposable
{
    private const int LongestNote = 1000;
    private const int LongestName = 200;

    private readonly TimeProvider _timeProvider;
    private readonly AuditLog _audit;
    private readonly StateJournal _journal;
    private readonly AuditJournal _auditJournal;
    private readonly AlertSuppressor _suppressor;
    private readonly AlertOutbox _outbox;
    private readonly AlertArchive _archive;
    private readonly AlertRegistry _registry;
    private readonly StateRestore _restore;
    private readonly StateFlush _flush;
    private readonly long _startedAt;

    private readonly RuleEngine _rules;
    private readonly AlertEvaluation _evaluation;
    private volatile AlertOptions _options;
    private long _lastEvaluatedAt;
    private int _evaluating;
    private int _disposed;

    /// <summary>Builds the default rules and starts one delivery for each notifier.</summary>
    /// <param name="timeProvider">The clock of every time rule.</param>
    /// <param name="options">Thresholds and pace; read once.</param>
    /// <param name="sources">Where readings come from.</param>
    /// <param name="notifiers">Who is told; not disposed by the manager.</param>
    /// <param name="errors">Where errors of sources, rules and notifiers are counted.</param>
    /// <param name="rules">Rules in code, beside the default ones and those of the options.</param>
    /// <param name="store">Where alerts, silences and undelivered notices outlive the process; by default they end with it.</param>
    /// <param name="audit">Where changes by people are noted.</param>
    /// <param name="circumstances">What else may explain an alert that fires; asked at most once an evaluation, and only when one fires or changes its severity.</param>
    public AlertManager(
        TimeProvider timeProvider, AlertOptions options, IEnumerable<IMetricSource> sources, IEnumerable<IAlertNotifier> notifiers, InternalErrors errors,
        IEnumerable<IAlertRule>? rules = null, IStateStore? store = null, AuditLog? audit = null, Func<IReadOnlyDictionary<string, string>>? circumstances = null)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(errors);
        _timeProvider = timeProvider;
        _options = options;
        _startedAt = timeProvider.GetTimestamp();
        _audit = audit ?? new AuditLog(timeProvider);
        _journal = new StateJournal(store, errors);
        _rules = new RuleEngine(options, sources, rules ?? [], timeProvider, errors);
        _auditJournal = new AuditJournal(_audit, _journal, errors);
        Silences = new AlertSilences(timeProvider, _journal, _audit, errors);
        _suppressor = new AlertSuppressor(options, Silences);
        _outbox = new AlertOutbox(notifiers, options, timeProvider, errors, _journal);
        _archive = new AlertArchive(_journal, errors);
        _registry = new AlertRegistry(options.ResolvedCapacity, _archive, _outbox.Changed);
        _outbox.Escalated = alert => _registry.NoteEscalated(alert.Key, alert.Id, Now);
        _evaluation = new AlertEvaluation(_rules, _registry, _suppressor, new AlertContext(circumstances, errors), errors);
        _restore = new StateRestore(timeProvider, errors, _auditJournal.RestoreAsync, Silences.RestoreAsync, RestoreAlertsAsync, RestoreOutboxAsync);
        _flush = new StateFlush(_journal, timeProvider, errors);
    }

    /// <summary>The settings in effect: those of the last reload.</summary>
    internal AlertOptions Options => _options;

    /// <summary>
    /// How often an alert could not start because <see cref="AlertOptions.MaxActive"/> others were active; counted at every
    /// evaluation that finds no room.
    /// </summary>
    public long OverflowCount => _evaluation.OverflowCount;

    /// <summary>When the rules were last evaluated; null before the first time.</summary>
    public DateTimeOffset? LastEvaluatedAt => Volatile.Read(ref _lastEvaluatedAt) is not 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>
    /// Evaluates every rule once; called by the monitor's loop about once a second. Never waits for a notifier. A call while
    /// another one runs does nothing, nor does one before <see cref="RestoreAsync"/> has ended, which it begins.
    /// </summary>
    public void Evaluate()
    {
        if (Volatile.Read(ref _disposed) == 1 || Interlocked.Exchange(ref _evaluating, 1) == 1)
        {
            return;
        }

        try
        {
            if (!_restore.IsOver)
            {
                _ = _restore.StartAsync();
            }

            // What was stored must be known before anything fires: it may fire already.
            if (_restore.IsOver)
            {
                _evaluation.Run(Now, _options);
                Volatile.Write(ref _lastEvaluatedAt, _timeProvider.GetUtcNow().UtcTicks);
                _outbox.Tick();
                _flush.Start();
            }
        }
        finally
        {
            Volatile.Write(ref _evaluating, 0);
        }
    }

    /// <summary>
    /// Takes up the alerts, silences and undelivered notices that an earlier process has left in the store, once; a further
    /// call waits for the first one. A store that fails is tried again for 30 seconds; then evaluations begin without it.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, not the work.</param>
    public ValueTask RestoreAsync(CancellationToken cancellationToken = default) => new(_restore.StartAsync().WaitAsync(cancellationToken));

    /// <summary>Alerts that are firing, recovering or without data, the most severe first, and of those the oldest.</summary>
    public IReadOnlyList<Alert> GetActive()
    {
        var alerts = _registry.GetAlerts(static life => life.IsActive);
        alerts.Sort(static (a, b) => a.Severity == b.Severity ? ByAge(a, b) : b.Severity.CompareTo(a.Severity));
        return alerts;
    }

    /// <summary>Alerts that were resolved, newest first, at most <see cref="AlertOptions.ResolvedCapacity"/>.</summary>
    public IReadOnlyList<Alert> GetResolved() => _registry.GetResolved();

    /// <summary>How many alerts are active.</summary>
    public AlertSummary GetSummary() => AlertSummary.Of(GetActive());

    /// <summary>The active or pending alert of that key, or else the one that was resolved last; null when none is known.</summary>
    public Alert? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _registry.Find(key);
    }

    /// <summary>Alerts whose condition holds, but not yet for long enough; oldest first.</summary>
    public IReadOnlyList<Alert> GetPending()
    {
        var alerts = _registry.GetAlerts(static life => life.Phase == AlertPhase.Pending);
        alerts.Sort(ByAge);
        return alerts;
    }

    /// <summary>
    /// Alerts that were resolved by hand although their condition holds on: quiet until it has cleared once, or until
    /// <see cref="AlertOptions.ReopenAfter"/> is over; oldest first.
    /// </summary>
    public IReadOnlyList<Alert> GetHeld()
    {
        var alerts = _registry.GetAlerts(static life => life.IsHeld);
        alerts.Sort(ByAge);
        return alerts;
    }

    /// <summary>What keeps alerts quiet by somebody's wish.</summary>
    public AlertSilences Silences { get; }

    /// <summary>All rules and how they stand, by name.</summary>
    public IReadOnlyList<AlertRuleStatus> GetRules()
    {
        var pending = GetPending().CountBy(static alert => alert.Rule).ToDictionary();
        var active = GetActive().CountBy(static alert => alert.Rule).ToDictionary();
        return
        [
            .. _rules.GetStatus()
                .Select(rule => rule with { Pending = pending.GetValueOrDefault(rule.Name), Active = active.GetValueOrDefault(rule.Name) })
                .OrderBy(static rule => rule.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>What became, for each channel, of the news that an alert fired; empty when nothing is known of it any more.</summary>
    /// <param name="id"><see cref="Alert.Id"/> of the alert.</param>
    public IReadOnlyList<AlertDelivery> GetDeliveries(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _outbox.GetDeliveries(id);
    }

    /// <summary>Makes one attempt to deliver a test notice to one channel, past its queue.</summary>
    /// <returns>False when no channel has that name.</returns>
    /// <exception cref="AlertDeliveryException">The channel did not take it. Notifiers of the host's own may throw anything else.</exception>
    public Task<bool> TestNotifierAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _outbox.TestAsync(name, cancellationToken);
    }

    /// <summary>Notes that somebody takes care of an alert: no reminders, and nobody else is called. It stays active.</summary>
    /// <param name="key">Key of the alert.</param>
    /// <param name="note">What is being done; kept up to 1,000 characters.</param>
    /// <param name="by">Who; kept up to 200 characters.</param>
    public AlertAcknowledgeOutcome Acknowledge(string key, string? note = null, string? by = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        var outcome = _registry.Acknowledge(key, Now, Shorten(note, LongestNote), Shorten(by, LongestName));
        if (outcome == AlertAcknowledgeOutcome.Acknowledged)
        {
            _audit.Add("alert.acknowledge", key, by, note);
        }

        return outcome;
    }

    /// <summary>
    /// Takes over changed rules, thresholds and times; what fires goes on. Channels are set up once. Thread-safe.
    /// </summary>
    /// <param name="options">The settings as they are to be; they must be valid.</param>
    public void Reload(AlertOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _rules.Reload(options);
        _suppressor.Reload(options);
        _options = options;
    }

    /// <summary>Resolves an alert by hand; it stays resolved until its condition has cleared once, or <see cref="AlertOptions.ReopenAfter"/> has passed.</summary>
    /// <returns>False when no alert of that key is active.</returns>
    public bool Resolve(string key, string? note = null, string? by = null) => TryResolve(key, note, by) == AlertResolveOutcome.Resolved;

    /// <summary>Resolves an alert by hand and tells what became of it; see <see cref="Resolve"/>.</summary>
    /// <param name="key">Key of the alert.</param>
    /// <param name="note">Why, or what was done; kept up to 1,000 characters.</param>
    /// <param name="by">Who; kept up to 200 characters.</param>
    public AlertResolveOutcome TryResolve(string key, string? note = null, string? by = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        var outcome = _registry.Resolve(key, Now, Shorten(note, LongestNote), Shorten(by, LongestName));
        if (outcome == AlertResolveOutcome.Resolved)
        {
            _audit.Add("alert.resolve", key, by, note);
        }

        return outcome;
    }

    /// <summary>What became of the notices, by notifier.</summary>
    public IReadOnlyList<AlertNotifierStatus> GetNotifiers() => _outbox.GetStatus();

    /// <summary>Returns when nothing is told until the clock moves on or something changes; for tests.</summary>
    internal Task IdleAsync() => _outbox.IdleAsync();

    /// <summary>Evaluates no more; notices that wait have a few seconds to get out and the state to be written, which nobody waits for.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    /// <summary>Evaluates no more and waits, a few seconds at most each, until notices that wait are out and the state is written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _rules.Dispose();
        await _outbox.DisposeAsync().ConfigureAwait(false);
        _registry.Refresh(Now, all: true);
        await _flush.FinishAsync().ConfigureAwait(false);
    }

    private Moment Now => new(_timeProvider.GetElapsedTime(_startedAt), _timeProvider.GetUtcNow());

    private async ValueTask RestoreAlertsAsync(CancellationToken cancellationToken)
    {
        var stored = await _archive.ReadAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _registry.Restore(stored, Now);
    }

    private ValueTask RestoreOutboxAsync(CancellationToken cancellationToken) => _outbox.RestoreAsync(GetActive(), GetResolved(), cancellationToken);

    private static int ByAge(Alert a, Alert b) => a.StartedAt == b.StartedAt ? string.CompareOrdinal(a.Key, b.Key) : a.StartedAt.CompareTo(b.StartedAt);

    private static string? Shorten(string? text, int length) => text?.Length > length ? text[..length] : text;
}
