using System.Globalization;
using Monitoring.Telemetry;

namespace Monitoring.Redis;

/// <summary>What alert rules read of a server: what it said last, unless that is older than three polls.</summary>
internal static class RedisServerReadings
{
    private const int FreshPolls = 3;

    // A source pings its replicas every ten seconds (repl-ping-replica-period of redis.conf): as long a silence says nothing.
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(10);

    public static void Add(ICollection<MetricReading> readings, RedisServer server, TimeSpan pollInterval)
    {
        if (server.Statistics is not { } statistics || !IsFresh(server, pollInterval))
        {
            return;
        }

        // A cache that may evict any key is meant to be full: its evictions tell whether it is too small.
        if (statistics.MemoryPolicy?.StartsWith("allkeys", StringComparison.Ordinal) != true)
        {
            Reading(MetricNames.RedisMemory, statistics.MemoryPercent);
        }

        Reading(MetricNames.RedisEvictions, statistics.EvictionsPerSecond);
        Reading(MetricNames.RedisRejectedConnections, statistics.RejectedConnections);
        Reading(MetricNames.RedisReplicationLag, Silence(statistics)?.TotalMilliseconds);

        // Elsewhere keys are looked up that are missing by design: locks, deliveries that were not seen yet, queues.
        if (statistics.MemoryPolicy is not (null or "noeviction"))
        {
            Reading(MetricNames.RedisMissRate, 100 - statistics.HitRatePercent, statistics.Lookups ?? 0);
        }

        void Reading(string metric, double? value, long count = 0)
        {
            if (value is not null)
            {
                readings.Add(new MetricReading(metric, value.Value, statistics.EndPoint, count) { Context = () => Context(statistics) });
            }
        }
    }

    /// <summary>Whether it spoke within the last three polls.</summary>
    public static bool IsFresh(RedisServer server, TimeSpan pollInterval) => server.Age <= FreshPolls * pollInterval;

    /// <summary>How long the slowest replica, or the source, has not been heard of beyond what is usual while all is well.</summary>
    public static TimeSpan? Silence(RedisServerStatistics statistics) =>
        statistics.IsReplicationLinkUp == true && statistics.ReplicationLag is { } lag
            ? (lag > PingPeriod ? lag - PingPeriod : TimeSpan.Zero)
            : statistics.ReplicationLag;

    private static Dictionary<string, string> Context(RedisServerStatistics statistics)
    {
        var context = new Dictionary<string, string> { ["endPoint"] = statistics.EndPoint, ["at"] = statistics.At.ToString("O", CultureInfo.InvariantCulture) };
        Add("role", statistics.Role);
        Add("usedMemoryBytes", statistics.UsedMemoryBytes);
        Add("maximumMemoryBytes", statistics.MaximumMemoryBytes);
        Add("memoryPolicy", statistics.MemoryPolicy);
        Add("evictionsPerSecond", statistics.EvictionsPerSecond);
        Add("hitRatePercent", statistics.HitRatePercent);
        Add("lookups", statistics.Lookups);
        Add("clients", statistics.Clients);
        Add("rejectedConnections", statistics.RejectedConnections);
        Add("replicationLagSeconds", statistics.ReplicationLag?.TotalSeconds);
        Add("replicationLagBytes", statistics.ReplicationLagBytes);
        Add("replicationLinkUp", statistics.IsReplicationLinkUp);
        return context;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                context[name] = value is double number ? number.ToString("0.###", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            }
        }
    }
}
