namespace Monitoring.Redis;

/// <summary>Redis operations over one window.</summary>
public sealed class RedisOperationSummary
{
    /// <summary>Number of operations.</summary>
    public long TotalOperations { get; init; }
}
