using Monitoring.Alerts.Rules;
using Monitoring.Alerts.Suppression;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>
/// Brings what the rules find to the alerts: one step of each series that gives data, and of each tracked one that does not.
/// One evaluation runs at a time.
/// </summary>
internal sealed class AlertEvaluation(RuleEngine rules, AlertRegistry registry, AlertSuppressor suppressor, AlertContext context, InternalErrors errors)
{
    /// <summary>What stands in the place of a person's note when a rule was removed.</summary>
    public const string RuleRemoved = "The rule was removed or switched off.";

    private readonly List<Observation> _observations = [];
    private readonly List<TrackedSeries> _tracked = [];
    private readonly List<(TrackedSeries Tracked, TrackedState State)> _active = [];
    private readonly List<Alert> _activeAlerts = [];
    private long _turn;
    private long _overflowCount;

    /// <summary>How often an alert found no room; any thread may read it.</summary>
    public long OverflowCount => Volatile.Read(ref _overflowCount);

    public void Run(Moment now, AlertOptions options)
    {
        _turn++;
        context.BeginEvaluation();
        _observations.Clear();
        rules.Evaluate(_observations);
        var overflowBefore = _overflowCount;
        foreach (var observation in _observations)
        {
            See(observation, now, options);
        }

        registry.CopyTo(_tracked);
        foreach (var tracked in _tracked)
        {
            if (tracked.SeenAt != _turn)
            {
                Miss(tracked, now, options);
            }
        }

        Suppress(now);
        registry.Refresh(now, all: false);
        if (_overflowCount > overflowBefore)
        {
            errors.Report("alerts.overflow", new InvalidOperationException($"{options.MaxActive} alerts are there, which is the most that are kept; {_overflowCount - overflowBefore} more were not raised."));
        }
    }

    private void See(in Observation observation, Moment now, AlertOptions options)
    {
        var tracked = registry.Find(observation.Series);
        if (tracked is null)
        {
            // What is well need not be known, but for whose silence would be an alert.
            if (observation.Confirmed == AlertLevel.None && observation.Rule.NoData != AlertNoData.Alert)
            {
                return;
            }

            tracked = new TrackedSeries(observation.Series);
        }

        tracked.SeenAt = _turn;
        tracked.Reading = observation.Reading;
        Step(tracked, observation.Rule, AlertSignal.Data(observation.Confirmed, observation.Held), observation.IsBreaching, now, options);
    }

    private void Miss(TrackedSeries tracked, Moment now, AlertOptions options)
    {
        if (rules.Find(tracked.Series.Rule) is not { } rule)
        {
            Remove(tracked, now, options);
        }
        else if (!rules.IsUnknown(tracked.Series))
        {
            Step(tracked, rule, SilenceOf(tracked, rule), breaches: rule.NoData == AlertNoData.Alert, now, options);
        }
    }

    // A series that has given no data since the start has not fallen silent, unless it has an alert from before.
    private AlertSignal SilenceOf(TrackedSeries tracked, AlertRule rule)
    {
        var alert = registry.Read(tracked).Alert;
        if (rule.NoData != AlertNoData.Alert || (tracked.Reading is null && alert is null))
        {
            return AlertSignal.NoData(rule.NoData == AlertNoData.Alert ? AlertNoData.Resolve : rule.NoData, AlertLevel.None);
        }

        var warns = double.IsFinite(rule.Thresholds(LastReading(tracked, rule, alert)).Warning);
        return AlertSignal.NoData(AlertNoData.Alert, warns ? AlertLevel.Warning : AlertLevel.Critical);
    }

    private void Step(TrackedSeries tracked, AlertRule rule, in AlertSignal observed, bool breaches, Moment now, AlertOptions options)
    {
        var read = registry.Read(tracked);
        var signal = SaysNothingYet(tracked, read, observed, now, options) ? new AlertSignal(AlertInput.Unknown) : observed;
        var times = AlertTimes.Of(rule, options);
        var (next, effect) = read.Lifecycle.Step(signal, now.Elapsed, times);
        if (read.Alert is null && next.Phase == AlertPhase.Inactive)
        {
            registry.Rest(tracked, keep: next.HasLatelyFired(now.Elapsed, times) || (rule.NoData == AlertNoData.Alert && tracked.Reading is not null), options.MaxActive);
        }
        else if (read.Alert is null && registry.BusyCount >= options.MaxActive)
        {
            Volatile.Write(ref _overflowCount, _overflowCount + 1);
        }
        else
        {
            registry.Commit(tracked, read, new TrackedState(next, Write(tracked, rule, read.Alert, next, effect, breaches, now)), effect, now);
        }
    }

    // After a restart there are no observations at first, and then few: that does not end the wait of what was about to fire.
    private bool SaysNothingYet(TrackedSeries tracked, TrackedState read, in AlertSignal signal, Moment now, AlertOptions options) =>
        read.Lifecycle.Phase == AlertPhase.Pending
        && now.Elapsed - tracked.RestoredAt < options.Window
        && (signal.Input == AlertInput.Hold || tracked.SeenAt != _turn);

    private Alert Write(TrackedSeries tracked, AlertRule rule, Alert? before, in AlertLifecycle next, AlertEffect effect, bool breaches, Moment now)
    {
        if (effect is AlertEffect.Pended or AlertEffect.Fired)
        {
            var moment = effect == AlertEffect.Fired ? context.Find(tracked.Reading) : null;
            return AlertWriter.Begin(tracked.Series, rule, LastReading(tracked, rule, before), next, before, moment, now.Utc);
        }

        // One that was resolved by hand is over: what is shown of it does not change.
        if (before!.State == AlertState.Resolved)
        {
            return before;
        }

        var continued = AlertWriter.Continue(before, rule, tracked.Reading, breaches, next, now.Utc);
        return effect switch
        {
            AlertEffect.Resolved => AlertWriter.End(continued, AlertResolution.Automatic, now.Utc),
            AlertEffect.SeverityChanged => Note(WithContext(continued, tracked), effect, now.Utc),
            _ => Note(continued, effect, now.Utc),
        };
    }

    private void Remove(TrackedSeries tracked, Moment now, AlertOptions options)
    {
        var read = registry.Read(tracked);
        var (next, effect) = read.Lifecycle.Step(new AlertSignal(AlertInput.Remove), now.Elapsed, default);
        if (read.Alert is not { } alert)
        {
            registry.Rest(tracked, keep: false, options.MaxActive);
            return;
        }

        var ended = effect == AlertEffect.Resolved ? AlertWriter.End(alert, AlertResolution.Automatic, now.Utc, RuleRemoved) : alert;
        registry.Commit(tracked, read, new TrackedState(next, ended), effect, now);
    }

    // Only now, when all alerts are known, can it be said which of them explains another one.
    private void Suppress(Moment now)
    {
        registry.CopyActiveTo(_active);
        _activeAlerts.Clear();
        foreach (var (_, state) in _active)
        {
            _activeAlerts.Add(state.Alert!);
        }

        try
        {
            suppressor.Prepare(_activeAlerts, now.Utc);
            foreach (var (tracked, state) in _active)
            {
                var alert = state.Alert!;
                var suppression = suppressor.Find(alert, now.Utc);
                if (suppression != alert.Suppression)
                {
                    registry.Suppress(tracked, state, AlertWriter.Suppress(alert, suppression, now.Utc), now);
                }
            }
        }
        catch (Exception exception)
        {
            errors.Report("alerts.suppression", exception);
        }

        // Only this thread sets the mark: without the lock it may look set when it no longer is, never the other way.
        foreach (var (tracked, _) in _active)
        {
            if (tracked.IsUntold)
            {
                registry.Tell(tracked);
            }
        }
    }

    private Alert WithContext(Alert alert, TrackedSeries tracked) => context.Find(tracked.Reading) is { } found ? alert with { Context = found } : alert;

    private static Alert Note(Alert alert, AlertEffect effect, DateTimeOffset now) =>
        AlertWriter.EventOf(effect) is { } kind ? alert.With(new AlertEvent(now, kind) { Severity = alert.Severity, Value = alert.Value }) : alert;

    private static MetricReading LastReading(TrackedSeries tracked, AlertRule rule, Alert? alert) =>
        tracked.Reading ?? new MetricReading(rule.Metric, alert?.Value ?? 0, tracked.Series.Instance);
}
