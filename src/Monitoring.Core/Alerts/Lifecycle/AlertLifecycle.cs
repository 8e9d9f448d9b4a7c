namespace Monitoring.Alerts.Lifecycle;

/// <summary>
/// The life of one series as a pure state machine: quiet → firing ⇄ severity → quiet, and firing → muted (by hand) → quiet.
/// It steps up at once and steps down only after the lower level has held for some time, so that a value that dances on a
/// threshold makes one alert and not many.
/// </summary>
/// <param name="Phase">Whether the series is quiet, firing or muted.</param>
/// <param name="Level">The level while firing or muted.</param>
/// <param name="BelowCriticalSince">Since when it has been below critical; null when it is not.</param>
/// <param name="BelowWarningSince">Since when it has been below warning; null when it is not.</param>
internal readonly record struct AlertLifecycle(
    AlertPhase Phase, AlertLevel Level, TimeSpan? BelowCriticalSince = null, TimeSpan? BelowWarningSince = null)
{
    /// <summary>Nothing is wrong.</summary>
    public static AlertLifecycle Quiet => default;

    /// <summary>Resolved by hand: silent until the condition has cleared once.</summary>
    public AlertLifecycle Mute() => this with { Phase = AlertPhase.Muted };

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

        var next = this with
        {
            BelowCriticalSince = held >= AlertLevel.Critical ? null : BelowCriticalSince ?? now,
            BelowWarningSince = held >= AlertLevel.Warning ? null : BelowWarningSince ?? now,
        };
        if (now - next.BelowWarningSince >= resolveAfter)
        {
            return (Quiet, Phase == AlertPhase.Muted ? AlertTransition.Rearmed : AlertTransition.Resolved);
        }

        // On its way to being resolved it does not stop to say that it is a warning now.
        if (Level == AlertLevel.Critical && held == AlertLevel.Warning && now - next.BelowCriticalSince >= resolveAfter)
        {
            return (next with { Level = AlertLevel.Warning }, Phase == AlertPhase.Firing ? AlertTransition.SeverityChanged : AlertTransition.None);
        }

        return (next, AlertTransition.None);
    }
}
