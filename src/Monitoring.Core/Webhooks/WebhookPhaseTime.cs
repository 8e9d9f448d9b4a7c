namespace Monitoring.Webhooks;

/// <summary>The time that one webhook spent in one phase. Immutable.</summary>
public sealed class WebhookPhaseTime
{
    /// <summary>Creates the time of a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="wall">Time during which the phase ran.</param>
    /// <param name="self">The part of it during which no phase within it ran; all of it when null.</param>
    /// <param name="count">How often the phase ran.</param>
    public WebhookPhaseTime(WebhookPhase phase, TimeSpan wall, TimeSpan? self = null, int count = 1)
    {
        Name = phase.Name;
        Wall = wall;
        Self = self ?? wall;
        Count = count;
    }

    /// <summary>Name of the phase.</summary>
    public string Name { get; }

    /// <summary>Time during which the phase ran; when it ran several times at once, that time counts once.</summary>
    public TimeSpan Wall { get; }

    /// <summary>The part of <see cref="Wall"/> during which the phase did its own work: no phase within it ran.</summary>
    public TimeSpan Self { get; }

    /// <summary>How often the phase ran.</summary>
    public int Count { get; }
}
