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
    private readonly AlertOptions _options;
    private readonly InternalErrors _errors;
    private readonly AlertDispatcher _dispatcher;
    private readonly AlertRegistry _registry;
    private readonly long _startedAt;

    // Only the evaluation, of which there is one at a time, touches these two.
    private readonly ReadingCollector _short;
    private readonly ReadingCollector _long;

    private int _evaluating;
    private long _overflowCount;

    /// <summary>Builds the default rules and starts one delivery for each notifier.</summary>
    /// <param name="timeProvider">The clock of every time rule.</param>
    /// <param name="options">Thresholds and pace; read once.</param>
    /// <param name="sources">Where readings come from.</param>
    /// <param name="notifiers">Who is told; not disposed by the manager.</param>
    /// <param name="errors">Where errors of sources and notifiers are counted.</param>
    public AlertManager(TimeProvider timeProvider, AlertOptions options, IEnumerable<IMetricSource> sources, IEnumerable<IAlertNotifier> notifiers, InternalErrors errors)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(errors);
        _timeProvider = timeProvider;
        _options = options;
        _errors = errors;
        _startedAt = timeProvider.GetTimestamp();
        var rules = DefaultAlertRules.From(options);
        IMetricSource[] all = [.. sources];
        _short = new ReadingCollector(all, rules, errors);
        _long = new ReadingCollector(all, rules, errors);
        _dispatcher = new AlertDispatcher(notifiers, options, timeProvider, errors);
        _registry = new AlertRegistry(options.MaxActive, options.ResolvedCapacity, _dispatcher.Enqueue);
    }

    /// <summary>
    /// How often an alert could not start because <see cref="AlertOptions.MaxActive"/> others were active; counted at every
    /// evaluation that finds no room.
    /// </summary>
    public long OverflowCount => Volatile.Read(ref _overflowCount);

    /// <summary>
    /// Evaluates every rule once; called by the monitor's loop about once a second. Never waits for a notifier. A call while
    /// another one runs does nothing.
    /// </summary>
    public void Evaluate()
    {
        if (Interlocked.Exchange(ref _evaluating, 1) == 1)
        {
            return;
        }

        try
        {
            _short.Collect(_options.RecoveryWindow);
            CollectLongWindowIfNeeded();
            var now = new Moment(_timeProvider.GetElapsedTime(_startedAt), _timeProvider.GetUtcNow());
            foreach (var collected in _short.Readings.Values)
            {
                Step(collected, now);
            }

            foreach (var tracked in _registry.GetTracked())
            {
                // A source that failed says nothing about its series, neither good nor bad.
                if (!_short.Readings.ContainsKey(tracked.Series) && !_short.Failed(tracked.Source))
                {
                    Advance(tracked, tracked.Reading with { Context = null }, seen: false, AlertLevel.None, AlertLevel.None, now);
                }
            }

            _dispatcher.ReportDropped();
        }
        finally
        {
            Volatile.Write(ref _evaluating, 0);
        }
    }

    /// <summary>Alerts that are firing, the most severe first, and of those the oldest.</summary>
    public IReadOnlyList<Alert> GetActive() =>
    [
        .. _registry.GetTracked()
            .Where(static tracked => tracked.Lifecycle.Phase == AlertPhase.Firing)
            .Select(static tracked => tracked.Alert)
            .OrderByDescending(static alert => alert.Severity)
            .ThenBy(static alert => alert.StartedAt)
            .ThenBy(static alert => alert.Key, StringComparer.Ordinal),
    ];

    /// <summary>Alerts that were resolved, newest first, at most <see cref="AlertOptions.ResolvedCapacity"/>.</summary>
    public IReadOnlyList<Alert> GetResolved() => _registry.GetResolved();

    /// <summary>How many alerts are active.</summary>
    public AlertSummary GetSummary() => AlertSummary.Of(GetActive());

    /// <summary>The active alert of that key, or else the one that was resolved last; null when none is known.</summary>
    public Alert? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _registry.Find(key);
    }

    /// <summary>Resolves an alert by hand; it stays resolved until its condition has cleared once.</summary>
    /// <returns>False when no alert of that key is active.</returns>
    public bool Resolve(string key, string? note = null, string? by = null) => TryResolve(key, note, by) == AlertResolveOutcome.Resolved;

    /// <summary>Resolves an alert by hand and tells what became of it; see <see cref="Resolve"/>.</summary>
    /// <param name="key">Key of the alert.</param>
    /// <param name="note">Why, or what was done; kept up to 1,000 characters.</param>
    /// <param name="by">Who; kept up to 200 characters.</param>
    public AlertResolveOutcome TryResolve(string key, string? note = null, string? by = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _registry.Resolve(key, _timeProvider.GetUtcNow(), Shorten(note, LongestNote), Shorten(by, LongestName));
    }

    /// <summary>What became of the notices, by notifier.</summary>
    public IReadOnlyList<AlertNotifierStatus> GetNotifiers() => _dispatcher.GetStatus();

    /// <summary>Takes no further notices; those that wait have a few seconds to get out, which nobody waits for.</summary>
    public void Dispose() => _dispatcher.Dispose();

    /// <summary>Takes no further notices and waits, a few seconds at most, until those that wait are out.</summary>
    public ValueTask DisposeAsync() => _dispatcher.DisposeAsync();

    private static string? Shorten(string? text, int length) => text?.Length > length ? text[..length] : text;

    // The long window costs as much again and matters only where the short one breaches.
    private void CollectLongWindowIfNeeded()
    {
        if (_short.Readings.Values.Any(static c => c.Rule.Windowed && c.Rule.ShortLevel(c.Reading) > AlertLevel.None))
        {
            _long.Collect(_options.Window);
        }
        else
        {
            _long.Readings.Clear();
        }
    }

    private void Step(in ReadingCollector.Collected collected, Moment now)
    {
        var (rule, reading, _) = collected;
        var series = AlertSeries.Of(reading);
        var level = rule.ShortLevel(reading);
        var confirmed = rule.Windowed ? Lower(level, LongLevel(rule, series)) : level;
        if (_registry.Find(series) is { } tracked)
        {
            Advance(tracked, reading, level > AlertLevel.None, confirmed, rule.ShortLevel(reading, rule.HoldShare), now);
        }
        else if (confirmed > AlertLevel.None)
        {
            Start(collected, confirmed, now);
        }
    }

    private AlertLevel LongLevel(AlertRule rule, AlertSeries series) =>
        _long.Readings.TryGetValue(series, out var collected) ? rule.LongLevel(collected.Reading) : AlertLevel.None;

    private static AlertLevel Lower(AlertLevel a, AlertLevel b) => a < b ? a : b;

    private void Start(in ReadingCollector.Collected collected, AlertLevel confirmed, Moment now)
    {
        var (next, _) = AlertLifecycle.Quiet.Step(confirmed, confirmed, now.Elapsed, _options.ResolveAfter);
        var tracked = WithContext(TrackedAlert.Start(collected, next, now.Utc));
        if (!_registry.TryStart(tracked))
        {
            Interlocked.Increment(ref _overflowCount);
            _errors.Report("alerts.overflow", new InvalidOperationException($"{_options.MaxActive} alerts are active, which is the most that are kept; {tracked.Alert.Key} was not raised."));
        }
    }

    private void Advance(TrackedAlert tracked, in MetricReading reading, bool seen, AlertLevel confirmed, AlertLevel held, Moment now)
    {
        var (next, transition) = tracked.Lifecycle.Step(confirmed, held, now.Elapsed, _options.ResolveAfter);
        var decided = tracked.Continue(reading, seen, next, now.Utc);
        decided = transition switch
        {
            AlertTransition.Resolved => decided.End(AlertResolution.Automatic, now.Utc),
            AlertTransition.SeverityChanged => WithContext(decided),
            _ => decided,
        };
        _registry.Commit(tracked, decided, transition);
    }

    private TrackedAlert WithContext(TrackedAlert tracked)
    {
        if (tracked.Reading.Context is not { } getContext)
        {
            return tracked;
        }

        try
        {
            var context = new Dictionary<string, string>(getContext()).AsReadOnly();
            return tracked with { Alert = tracked.Alert with { Context = context } };
        }
        catch (Exception exception)
        {
            _errors.Report("alerts.context", exception);
            return tracked;
        }
    }

    private readonly record struct Moment(TimeSpan Elapsed, DateTimeOffset Utc);
}
