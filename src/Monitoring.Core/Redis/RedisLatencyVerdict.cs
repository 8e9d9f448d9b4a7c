namespace Monitoring.Redis;

/// <summary>Where the time of Redis operations went.</summary>
public enum RedisLatencyCause
{
    /// <summary>Nothing that was measured explains it.</summary>
    Unknown,

    /// <summary>The server executed commands, ours or others'.</summary>
    Server,

    /// <summary>The way to the server and back, the transfer of large replies included.</summary>
    Network,

    /// <summary>The process itself: no thread to go on with, or commands that wait to be written.</summary>
    Client,

    /// <summary>Replies waited behind a large one on the same connection.</summary>
    HeadOfLine,
}

/// <summary>
/// Where the time of Redis operations went within one window: client, network or server. The shares sum to 100 % as soon
/// as there was an operation; what no source explains is in <see cref="UnknownPercent"/>.
/// </summary>
public sealed record RedisLatencyVerdict
{
    /// <summary>Server as <c>host:port</c>; null for all of them together, or where the client does not tell them apart.</summary>
    public string? EndPoint { get; init; }

    /// <summary>The window that was asked for.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Operations whose time is explained; rejected ones never waited.</summary>
    public long Operations { get; init; }

    /// <summary>Mean latency as the callers saw it; the shares are shares of this.</summary>
    public TimeSpan Observed { get; init; }

    /// <summary>What took most of the time: the greatest share, if it is 40 % at least; <see cref="RedisLatencyCause.Unknown"/> else.</summary>
    public RedisLatencyCause Cause { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>Share of the server, 0–100.</summary>
    public double ServerPercent { get; init; }

    /// <summary>Share of the network, 0–100.</summary>
    public double NetworkPercent { get; init; }

    /// <summary>Share of the process itself, 0–100.</summary>
    public double ClientPercent { get; init; }

    /// <summary>Share of waiting behind large replies, 0–100.</summary>
    public double HeadOfLinePercent { get; init; }

    /// <summary>What nothing explains, 0–100.</summary>
    public double UnknownPercent { get; init; }

    /// <summary>Sources that had nothing to say: <c>commandstats</c>, <c>ping</c>, <c>thread-pool</c>, <c>counters</c>, <c>reply-sizes</c>. Their shares are zero.</summary>
    public IReadOnlyList<string> MissingSources { get; init; } = [];
}
