namespace Monitoring.Redis;

/// <summary>
/// What is known about where the time of some operations went: means per operation, over one window. What a source that
/// had nothing to say would tell is null.
/// </summary>
internal sealed record RedisLatencyEvidence
{
    /// <summary>Server as <c>host:port</c>; null for all, or where the client does not tell them apart.</summary>
    public string? EndPoint { get; init; }

    /// <summary>Operations by command, those that took the most time first.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>Operations that waited.</summary>
    public long Operations { get; init; }

    /// <summary>Mean latency as the callers saw it.</summary>
    public TimeSpan Observed { get; init; }

    /// <summary>Mean execution time by <c>commandstats</c>, weighted by the callers' own mix of commands.</summary>
    public TimeSpan? Execution { get; init; }

    /// <summary>The quickest PING less its own execution: what every round trip costs at least.</summary>
    public TimeSpan? RoundTripFloor { get; init; }

    /// <summary>How much longer than the quickest the mean PING took; null without PINGs.</summary>
    public TimeSpan? RoundTripExcess { get; init; }

    /// <summary>The part of the excess that fell into the time in which the server was busy, 0–1; null without <c>commandstats</c>.</summary>
    public double? ExcessWhileBusy { get; init; }

    /// <summary>Share of the time in which the server executed commands, percent.</summary>
    public double? BusyPercent { get; init; }

    /// <summary>Mean time that the thread pool took to start a work item.</summary>
    public TimeSpan? SchedulingDelay { get; init; }

    /// <summary>Time that commands waited to be written.</summary>
    public TimeSpan? Unsent { get; init; }

    /// <summary>Time that replies that had arrived waited to be completed.</summary>
    public TimeSpan? AwaitingCompletion { get; init; }

    /// <summary>Time in which large replies arrived, for those who had asked for them.</summary>
    public TimeSpan? Transfer { get; init; }

    /// <summary>Time in which operations waited while a large reply of another operation arrived.</summary>
    public TimeSpan? BehindLargeReplies { get; init; }

    /// <summary>Sources that had nothing to say.</summary>
    public IReadOnlyList<string> MissingSources =>
    [
        .. Missing(Execution is null, "commandstats"),
        .. Missing(RoundTripFloor is null, "ping"),
        .. Missing(SchedulingDelay is null, "thread-pool"),
        .. Missing(Unsent is null, "counters"),
        .. Missing(BehindLargeReplies is null, "reply-sizes"),
    ];

    private static IEnumerable<string> Missing(bool isMissing, string name) => isMissing ? [name] : [];
}
