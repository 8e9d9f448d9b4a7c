namespace Monitoring.Redis;

/// <summary>What callers saw of one command over one window.</summary>
/// <param name="Command">Redis command, such as <c>GET</c>.</param>
/// <param name="Count">Operations that waited for Redis.</param>
/// <param name="Items">Commands that they carried, where they are batches or transactions; else 0.</param>
/// <param name="Total">Their latencies, added up.</param>
internal readonly record struct RedisCommandLoad(string Command, long Count, long Items, TimeSpan Total)
{
    /// <summary>The load of a command; the operations that an open circuit refused did not wait.</summary>
    public static RedisCommandLoad Of(RedisOperationStatistics statistics)
    {
        var count = Math.Max(statistics.Count - statistics.FailuresByKind.Rejected, 0);
        return new RedisCommandLoad(statistics.Operation, count, statistics.Items, statistics.Average * count);
    }
}
