namespace Monitoring.Alerts.Lifecycle;

/// <summary>
/// The life of one series as a pure state machine over <see cref="LifecycleTable"/>. It steps up at once and steps down only
/// after the lower level has held for some time, so that a value that dances on a threshold makes one alert and not many.
/// All times are on one monotonic scale, of which only differences count.
/// </summary>
internal readonly record struct AlertLifecycle
{
    /// <summary>Nothing is wrong, and nothing was.</summary>
    public static AlertLifecycle Quiet => default;

    public AlertPhase Phase { get; init; }

    /// <summary>How bad it is while there is an alert; how bad it was when the alert was resolved by hand.</summary>
    public AlertLevel Level { get; init; }

    /// <summary>Since when the condition has held, while it is pending.</summary>
    public TimeSpan? PendingSince { get; init; }

    /// <summary>When the alert was resolved by hand, while that holds.</summary>
    public TimeSpan? HeldSince { get; init; }

    /// <summary>Since when it has been below critical; null when it is not.</summary>
    public TimeSpan? BelowCriticalSince { get; init; }

    /// <summary>Since when it has been below warning; null when it is not.</summary>
    public TimeSpan? BelowWarningSince { get; init; }

    /// <summary>Whether it fired so often that it stays up until it has been quiet for long; ends with the alert.</summary>
    public bool IsFlapping { get; init; }

    /// <summary>When it fired of late, oldest first, at most <see cref="AlertTimes.FlapCount"/> times; null when it did not. Never changed.</summary>
    public TimeSpan[]? Firings { get; init; }

    /// <summary>Whether an alert is active: it fires, recovers or has no data.</summary>
    public bool IsActive => Phase is AlertPhase.Firing or AlertPhase.Recovering or AlertPhase.NoData;

    /// <summary>Whether its alert was resolved by hand and the condition holds on.</summary>
    public bool IsHeld => Phase == AlertPhase.Held && BelowWarningSince is null;

    /// <summary>Whether it fired so lately that it counts should it fire again.</summary>
    public bool HasLatelyFired(TimeSpan now, in AlertTimes times) => Firings is [.., var last] && now - last < times.FlapWindow;

    /// <summary>Takes one input into account. Allocates only when an alert fires.</summary>
    public (AlertLifecycle Next, AlertEffect Effect) Step(in AlertSignal signal, TimeSpan now, in AlertTimes times)
    {
        var seen = See(signal, now);
        foreach (ref readonly var row in LifecycleTable.Find(Phase, signal.Input))
        {
            if (seen.Holds(row.If, signal, now, times))
            {
                return (seen.Follow(row, signal, now, times), row.Effect);
            }
        }

        return (this, AlertEffect.None);
    }

    private AlertLifecycle See(in AlertSignal signal, TimeSpan now) => signal.Input switch
    {
        AlertInput.Breach or AlertInput.Hold or AlertInput.Clear => this with
        {
            BelowCriticalSince = signal.Held >= AlertLevel.Critical ? null : BelowCriticalSince ?? now,
            BelowWarningSince = signal.Held >= AlertLevel.Warning ? null : BelowWarningSince ?? now,
            PendingSince = PendingSince ?? now,
        },
        AlertInput.NoDataKeeps or AlertInput.NoDataAlerts => this with { BelowCriticalSince = null, BelowWarningSince = null, PendingSince = PendingSince ?? now },
        _ => this,
    };

    private bool Holds(LifecycleGuard guard, in AlertSignal signal, TimeSpan now, in AlertTimes times) => guard switch
    {
        LifecycleGuard.ForIsOver => now - PendingSince >= times.For,
        LifecycleGuard.QuietForLong => now - BelowWarningSince >= QuietTime(times),
        LifecycleGuard.SeverityDiffers => LevelAfter(signal, now, times) != Level,
        LifecycleGuard.ReopenIsDue => now - HeldSince >= times.ReopenAfter,
        _ => true,
    };

    // On its way to being resolved it does not stop to say that it is a warning now.
    private AlertLevel LevelAfter(in AlertSignal signal, TimeSpan now, in AlertTimes times)
    {
        if (signal.Confirmed > Level)
        {
            return signal.Confirmed;
        }

        return Level == AlertLevel.Critical && signal.Held == AlertLevel.Warning && now - BelowCriticalSince >= QuietTime(times) ? AlertLevel.Warning : Level;
    }

    private TimeSpan QuietTime(in AlertTimes times) => IsFlapping && times.FlapWindow > times.KeepFiringFor ? times.FlapWindow : times.KeepFiringFor;

    private AlertLifecycle Follow(in LifecycleRow row, in AlertSignal signal, TimeSpan now, in AlertTimes times)
    {
        if (row.To == AlertPhase.Inactive)
        {
            return new AlertLifecycle { Firings = Firings };
        }

        if (row.Effect == AlertEffect.Fired)
        {
            var firings = FiringsWith(now, times);
            return new AlertLifecycle { Phase = row.To, Level = signal.Confirmed, Firings = firings, IsFlapping = firings.Length >= times.FlapCount };
        }

        return this with
        {
            Phase = row.To,
            Level = row.To == AlertPhase.Pending ? Max(signal.Confirmed, Level) : row.Effect == AlertEffect.SeverityChanged ? LevelAfter(signal, now, times) : Level,
            PendingSince = row.To == AlertPhase.Pending ? PendingSince : null,
            HeldSince = row.To == AlertPhase.Held ? HeldSince ?? now : null,
        };
    }

    private static AlertLevel Max(AlertLevel a, AlertLevel b) => a > b ? a : b;

    private TimeSpan[] FiringsWith(TimeSpan now, in AlertTimes times)
    {
        if (Firings is null)
        {
            return [now];
        }

        var window = times.FlapWindow;
        return [.. Firings.Where(at => now - at < window).TakeLast(times.FlapCount - 1), now];
    }
}
