using System.Buffers;
using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// Pub/sub by pattern of the channel names, bounded by <see cref="RedisMonitoringOptions.ChannelCapacity"/>; what is beyond
/// shares <c>OTHER</c>. Thread-safe.
/// </summary>
internal sealed class RedisChannels(SliceClock clock, int capacity, RedisTelemetry telemetry)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    private readonly SeriesTable<RedisChannelRecorder> _series = new(capacity, pattern => new RedisChannelRecorder(pattern, clock, telemetry));

    /// <summary>How often a channel was looked up for which there was no room.</summary>
    public long Overflowed => _series.Overflowed;

    /// <summary>All recorders, in no order.</summary>
    public RedisChannelRecorder[] All => _series.All;

    /// <summary>The recorder of a channel's pattern. Allocates the pattern: keep what it returns.</summary>
    public RedisChannelRecorder Get(string? channel) => _series.Get(capacity == 0 || channel is null ? null : PatternOf(channel));

    /// <summary>What happened within the window, the busiest first.</summary>
    public IReadOnlyList<RedisChannelStatistics> GetStatistics(TimeSpan window) =>
        [.. _series.All
            .Select(recorder => recorder.GetStatistics(window))
            .Where(static channel => channel.Published + channel.Received > 0)
            .OrderByDescending(static channel => channel.Published + channel.Received)];

    // As of a key, but for the prefix of the server's notifications about keys, which would pass for an address.
    private static string PatternOf(string channel)
    {
        var prefix = NotificationPrefix(channel);
        var pattern = string.Concat(channel.AsSpan(0, prefix), RedisKeyNormalizer.Normalize(channel.AsSpan(prefix)));
        return pattern.Length <= RedisKeyNormalizer.Longest ? pattern : pattern[..RedisKeyNormalizer.Longest];
    }

    // The length of "__keyspace@0__:" or "__keyevent@0__:", zero when it begins with neither.
    private static int NotificationPrefix(string channel)
    {
        if (!channel.StartsWith("__keyspace@", StringComparison.Ordinal) && !channel.StartsWith("__keyevent@", StringComparison.Ordinal))
        {
            return 0;
        }

        const int name = 11;
        var digits = channel.AsSpan(name).IndexOfAnyExcept(Digits);
        return digits > 0 && channel.AsSpan(name + digits).StartsWith("__:", StringComparison.Ordinal) ? name + digits + 3 : 0;
    }
}
