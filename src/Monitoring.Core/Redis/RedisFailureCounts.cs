namespace Monitoring.Redis;

/// <summary>Failed operations by kind over one window.</summary>
public sealed record RedisFailureCounts
{
    /// <summary>No answer in time.</summary>
    public long Timeout { get; init; }

    /// <summary>No connection, or it was lost.</summary>
    public long Connection { get; init; }

    /// <summary>The server answered with an error, or the client refused to send the command.</summary>
    public long Server { get; init; }

    /// <summary>Refused by an open circuit; never reached a server.</summary>
    public long Rejected { get; init; }

    /// <summary>The caller gave up. Not in <see cref="Total"/>: it says nothing about Redis.</summary>
    public long Canceled { get; init; }

    /// <summary>What counts as failed: all kinds but <see cref="Canceled"/>.</summary>
    public long Total => Timeout + Connection + Server + Rejected;

    internal static RedisFailureCounts None { get; } = new();

    internal RedisFailureCounts Plus(RedisFailureCounts other) => new()
    {
        Timeout = Timeout + other.Timeout,
        Connection = Connection + other.Connection,
        Server = Server + other.Server,
        Rejected = Rejected + other.Rejected,
        Canceled = Canceled + other.Canceled,
    };
}
