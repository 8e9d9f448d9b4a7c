namespace Monitoring.SlowOperations;

/// <summary>Slow operations of one kind: the same command on keys of the same shape, or the same statement.</summary>
public sealed record SlowOperation
{
    /// <summary>Identifies the kind: 16 hexadecimal digits, the same in every process.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What it is, normalised: <c>HGETALL user:{id}:cart</c>.</summary>
    public required string Text { get; init; }

    /// <summary>Occurrences in the window.</summary>
    public long Count { get; init; }

    /// <summary>How many of them failed.</summary>
    public long Failures { get; init; }

    /// <summary>Mean duration.</summary>
    public TimeSpan Average { get; init; }

    /// <summary>95th percentile of their durations.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>The longest.</summary>
    public TimeSpan Worst { get; init; }

    /// <summary>Duration of the last one.</summary>
    public TimeSpan Last { get; init; }

    /// <summary>When the last one ended.</summary>
    public DateTimeOffset LastAt { get; init; }
}
