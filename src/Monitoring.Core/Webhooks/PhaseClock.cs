namespace Monitoring.Webhooks;

/// <summary>The clocks of one phase of one webhook. Guarded by the lock of its timing.</summary>
internal sealed class PhaseClock(string name)
{
    /// <summary>Runs while the phase does.</summary>
    public ActivityClock Wall;

    /// <summary>Runs while the phase does and no phase within it does.</summary>
    public ActivityClock Self;

    /// <summary>Name of the phase.</summary>
    public string Name { get; } = name;

    /// <summary>How often it began.</summary>
    public int Count { get; set; }
}
