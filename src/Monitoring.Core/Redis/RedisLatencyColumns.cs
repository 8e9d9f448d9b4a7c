using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// The latency map beyond the last minute, which recorders keep by the minute only: a column each ten seconds, for an hour. Written
/// by the monitor's loop and read by anybody: a column is put in place whole and never changed. About 50 KB when it is full.
/// </summary>
internal sealed class RedisLatencyColumns(SliceClock clock, Func<RedisOperationRecorder[]> recorders)
{
    private const int Seconds = 10;

    // An hour, the rest of the oldest half minute, and the column that is open.
    private const int Capacity = ((int)SliceClock.Kept / Seconds) + 4;

    // As far back as the seconds of the recorders reach, whole columns only.
    private const int Readable = 5;

    // Above, three columns are one: 120 are as many as a page is wide for.
    private static readonly TimeSpan LongestByOne = TimeSpan.FromMinutes(20);

    private readonly Column?[] _columns = new Column?[Capacity];

    // Of the loop alone.
    private long _next;

    /// <summary>Keeps the columns that are complete. What turns of the loop missed for more than fifty seconds stays empty.</summary>
    public void Tick()
    {
        var complete = clock.Second / Seconds;
        if (complete == _next)
        {
            return;
        }

        using var seconds = ReadSeconds();
        for (var number = Math.Max(_next, complete - Readable); number < complete; number++)
        {
            Volatile.Write(ref _columns[number % Capacity], new Column(number, Sum(seconds, number)));
        }

        _next = complete;
    }

    /// <summary>The map of a window: ten seconds a column, half a minute beyond twenty minutes.</summary>
    public RedisLatencyMap Read(TimeSpan window)
    {
        using var seconds = ReadSeconds();
        var merged = window > LongestByOne ? 3 : 1;
        var open = seconds.Second / Seconds;
        var first = Math.Max(0, (seconds.Second - (long)window.TotalSeconds) / Seconds) / merged * merged;
        var columns = new long[((open - first) / merged) + 1][];
        for (var number = first; number <= open; number++)
        {
            var kept = Volatile.Read(ref _columns[number % Capacity]);
            var rows = kept?.Number == number ? kept.Rows : number > open - Readable ? Sum(seconds, number) : [];
            Add(ref columns[(number - first) / merged], rows);
        }

        return RedisLatencyMap.Of(clock, first * Seconds, merged * Seconds, columns);
    }

    private LatencyColumns ReadSeconds()
    {
        var seconds = new LatencyColumns(clock, LatencyColumns.Longest);
        foreach (var recorder in recorders())
        {
            recorder.AddTo(seconds);
        }

        return seconds;
    }

    private static long[] Sum(LatencyColumns seconds, long number)
    {
        var sum = new long[LatencyColumns.Rows];
        for (var second = Math.Max(number * Seconds, seconds.Start); second < Math.Min((number + 1) * Seconds, seconds.Start + seconds.Count); second++)
        {
            Add(ref sum, seconds.ReadRows((int)(second - seconds.Start)));
        }

        return sum;
    }

    private static void Add(ref long[] sum, long[] rows)
    {
        sum ??= new long[LatencyColumns.Rows];
        for (var row = 0; row < rows.Length; row++)
        {
            sum[row] += rows[row];
        }
    }

    private sealed record Column(long Number, long[] Rows);
}
