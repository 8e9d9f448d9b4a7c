namespace Monitoring.Latency;

/// <summary>
/// Slices of five minutes, for what is too large to keep for each second or minute: a window covers up to five minutes
/// more than was asked for. Numbered from the clock's start.
/// </summary>
internal static class CoarseSlice
{
    /// <summary>How many slices an hour touches at most, the open one included.</summary>
    public const int Count = (int)(SliceClock.Kept / Seconds) + 1;

    private const long Seconds = 300;

    /// <summary>The slice of a second of the clock.</summary>
    public static long NumberOf(long second) => second / Seconds;

    /// <summary>Whether some of a slice lies after a second of the clock.</summary>
    public static bool IsAfter(long from, long number) => (number + 1) * Seconds > from;
}
