namespace Monitoring.Redis;

/// <summary>Sizes of the values that the sampled operations sent or received, bytes. Zeros when there was none.</summary>
public sealed record RedisPayloadSizes
{
    /// <summary>Operations whose size is known.</summary>
    public long Count { get; init; }

    /// <summary>Mean size.</summary>
    public double AverageBytes { get; init; }

    /// <summary>Median, within 3.2 %.</summary>
    public long P50Bytes { get; init; }

    /// <summary>95th percentile, within 3.2 %.</summary>
    public long P95Bytes { get; init; }

    /// <summary>99th percentile, within 3.2 %.</summary>
    public long P99Bytes { get; init; }

    /// <summary>The largest.</summary>
    public long MaximumBytes { get; init; }
}
