namespace Monitoring.Queries;

/// <summary>One statement over a window. Immutable.</summary>
public sealed record QueryStatement
{
    /// <summary>Identifies it: 16 hexadecimal digits, the same in every process.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Its text, normalised: every value is <c>?</c>. Its first 4,096 characters.</summary>
    public required string Text { get; init; }

    /// <summary>Kind of database that it ran on last: <c>postgresql</c>, <c>mssql</c>.</summary>
    public required string System { get; init; }

    /// <summary>Database that it ran on last; null when that is not known.</summary>
    public string? Database { get; init; }

    /// <summary>How often it ran.</summary>
    public long Count { get; init; }

    /// <summary>How many times it failed; a caller that gave up is not a failure.</summary>
    public long Failures { get; init; }

    /// <summary>How many times it took at least <see cref="QueryOptions.SlowThreshold"/>.</summary>
    public long Slow { get; init; }

    /// <summary>How long it took together.</summary>
    public TimeSpan TotalTime { get; init; }

    /// <summary>Mean duration.</summary>
    public TimeSpan Average { get; init; }

    /// <summary>95th percentile of the durations: at most 12.5 % off above 1 ms, 0.13 ms below.</summary>
    public TimeSpan P95 { get; init; }

    /// <summary>The longest duration.</summary>
    public TimeSpan Worst { get; init; }

    /// <summary>Duration of the last one.</summary>
    public TimeSpan Last { get; init; }

    /// <summary>When the last one ended.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>Rows that it returned or changed, as far as the telemetry tells; null when it does not.</summary>
    public long? Rows { get; init; }

    /// <summary>Where it came from: the five endpoints that it took the most time of.</summary>
    public IReadOnlyList<QueryEndpoint> Endpoints { get; init; } = [];
}

/// <summary>An endpoint, or another operation, that a statement came from. Immutable.</summary>
/// <param name="Endpoint">Its name; <c>OTHER</c> for what was beyond four in five minutes.</param>
/// <param name="Count">How often the statement ran in it.</param>
/// <param name="TotalTime">How long that took together.</param>
public sealed record QueryEndpoint(string Endpoint, long Count, TimeSpan TotalTime);

/// <summary>A statement that ran again and again within one request: N+1. Immutable.</summary>
public sealed record RepeatedQuery
{
    /// <summary>Identifies the statement: 16 hexadecimal digits, the same in every process.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Text of the statement, normalised: every value is <c>?</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The endpoint, or the operation, that the request was.</summary>
    public required string Endpoint { get; init; }

    /// <summary>How often it ran.</summary>
    public int Times { get; init; }

    /// <summary>How long it took together.</summary>
    public TimeSpan TotalTime { get; init; }

    /// <summary>Trace of the request; null without one.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it had run as often as is too often.</summary>
    public DateTimeOffset At { get; init; }
}
