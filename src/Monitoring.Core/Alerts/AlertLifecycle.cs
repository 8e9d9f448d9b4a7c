namespace Monitoring.Alerts;

/// <summary>
/// The life of one series as a pure state machine: quiet → firing ⇄ severity → quiet, and firing → muted (by hand) → quiet.
/// It steps up at once and steps down only after the lower level has held for some time, so that a value that dances on a
/// threshold makes one alert and not many.
/// </summary>
/// <param name="Phase">Whether the series is quiet, firing or muted.</param>
/// <param name="Level">The level while firing or muted.</param>
/// <param name="LowerSince">Since when it has been below its level; null when it is not.</param>
/// <param name="LowerLevel">The highest level since then: where it steps down to.</param>
internal readonly record struct AlertLifecycle(AlertPhase Phase, AlertLevel Level, TimeSpan? LowerSince = null, AlertLevel LowerLevel = AlertLevel.None)
{
    /// <summary>Nothing is wrong.</summary>
    public static AlertLifecycle Quiet => default;

    /// <summary>Resolved by hand: silent until the condition has cleared once.</summary>
    public AlertLifecycle Mute() => new(AlertPhase.Muted, Level, LowerSince, LowerLevel);

    /// <summary>Takes one evaluation into account.</summary>
    /// <param name="confirmed">The level that both windows breach: what raises.</param>
    /// <param name="held">The level that the short window holds, hysteresis included: what keeps up. Never below <paramref name="confirmed"/>.</param>
    /// <param name="now">Monotonic time; only differences count.</param>
    /// <param name="resolveAfter">How long a lower level must hold.</param>
    public (AlertLifecycle Next, AlertTransition Transition) Step(AlertLevel confirmed, AlertLevel held, TimeSpan now, TimeSpan resolveAfter)
    {
        if (Phase == AlertPhase.Quiet)
        {
            return confirmed == AlertLevel.None ? (this, AlertTransition.None) : (new(AlertPhase.Firing, confirmed), AlertTransition.Fired);
        }

        if (confirmed > Level)
        {
            return (new(Phase, confirmed), Phase == AlertPhase.Firing ? AlertTransition.SeverityChanged : AlertTransition.None);
        }

        if (held >= Level)
        {
            return (new(Phase, Level), AlertTransition.None);
        }

        // What it steps down to is the worst of the whole time, not what happens to be there at its end.
        var lower = LowerSince is null || held > LowerLevel ? held : LowerLevel;
        var since = LowerSince ?? now;
        if (now - since < resolveAfter)
        {
            return (new(Phase, Level, since, lower), AlertTransition.None);
        }

        return (Phase, lower) switch
        {
            (AlertPhase.Firing, AlertLevel.None) => (Quiet, AlertTransition.Resolved),
            (AlertPhase.Muted, AlertLevel.None) => (Quiet, AlertTransition.Rearmed),
            (AlertPhase.Firing, _) => (new(Phase, lower), AlertTransition.SeverityChanged),
            _ => (new(Phase, lower), AlertTransition.None),
        };
    }
}
