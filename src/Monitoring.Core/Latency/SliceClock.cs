namespace Monitoring.Latency;

/// <summary>
/// Closes the time slices of everything registered with it. One clock serves one monitor, whose loop calls
/// <see cref="Tick"/> about once a second; a reader never has to wait for it.
/// </summary>
public sealed class SliceClock(TimeProvider timeProvider)
{
    /// <summary>The clock of every time rule behind this slice clock.</summary>
    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>Closes every slice whose time is over.</summary>
    public void Tick() => throw new NotImplementedException();
}
