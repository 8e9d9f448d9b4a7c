namespace Monitoring.Latency;

/// <summary>Something whose contents are kept in time slices.</summary>
internal interface ISliced
{
    /// <summary>
    /// Closes the open slice if <paramref name="second"/> of the clock has passed its end, and lets go of what has
    /// become too old. Called by the clock, from one thread at a time; readers do the same by themselves.
    /// </summary>
    void Close(long second);
}
