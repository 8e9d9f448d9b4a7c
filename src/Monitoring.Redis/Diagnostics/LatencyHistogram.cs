using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// What <c>LATENCY HISTOGRAM</c> says of one command: how many calls took at most so many microseconds, in powers of two,
/// since the server's start. Two of them give a percentile of the time between.
/// </summary>
internal sealed class LatencyHistogram(SortedList<long, long> cumulative)
{
    private const int MostBuckets = 64;

    /// <summary>By command, upper-case; whatever has another shape is left out.</summary>
    public static Dictionary<string, LatencyHistogram> Parse(RedisResult? reply)
    {
        var histograms = new Dictionary<string, LatencyHistogram>();
        for (var i = 0; reply is not null && i + 1 < reply.Length; i += 2)
        {
            if (reply[i].ToString() is { } command && FindBuckets(reply[i + 1]) is { } buckets)
            {
                histograms[command.Replace('|', ' ').ToUpperInvariant()] = new LatencyHistogram(buckets);
            }
        }

        return histograms;
    }

    /// <summary>The upper end of the bucket in which the 99th percentile of the calls since <paramref name="before"/> is; null without a call.</summary>
    public TimeSpan? P99Since(LatencyHistogram before)
    {
        // A reset in between leaves what came after it.
        var first = Total < before.Total ? Empty : before;
        var calls = Total - first.Total;
        var rank = (long)Math.Ceiling(0.99 * calls);
        foreach (var (microseconds, count) in cumulative)
        {
            if (calls > 0 && count - first.UpTo(microseconds) >= rank)
            {
                return TimeSpan.FromMicroseconds(microseconds);
            }
        }

        return null;
    }

    private static LatencyHistogram Empty { get; } = new([]);

    private long Total => cumulative.Count > 0 ? cumulative.Values[^1] : 0;

    // Buckets that gained no call are not listed: the one below it says as much.
    private long UpTo(long microseconds)
    {
        var count = 0L;
        foreach (var (bound, calls) in cumulative)
        {
            if (bound > microseconds)
            {
                break;
            }

            count = calls;
        }

        return count;
    }

    private static SortedList<long, long>? FindBuckets(RedisResult command)
    {
        for (var i = 0; i + 1 < command.Length; i += 2)
        {
            if (command[i].ToString() == "histogram_usec")
            {
                return ReadBuckets(command[i + 1]);
            }
        }

        return null;
    }

    private static SortedList<long, long> ReadBuckets(RedisResult buckets)
    {
        var read = new SortedList<long, long>();
        for (var i = 0; i + 1 < Math.Min(buckets.Length, 2 * MostBuckets); i += 2)
        {
            read[(long)buckets[i]] = (long)buckets[i + 1];
        }

        return read;
    }
}
