namespace Monitoring.Redis;

/// <summary>How far a consumer group is with its stream, as the server says.</summary>
public sealed record RedisStreamGroupStatus
{
    /// <summary>Key of the stream.</summary>
    public required string Stream { get; init; }

    /// <summary>Name of the group.</summary>
    public required string Group { get; init; }

    /// <summary>Whether stream and group exist.</summary>
    public bool Exists { get; init; }

    /// <summary>Entries that the group has not read; null where the server cannot tell.</summary>
    public long? Lag { get; init; }

    /// <summary>Entries read and not acknowledged.</summary>
    public long Pending { get; init; }

    /// <summary>Consumers of the group.</summary>
    public long Consumers { get; init; }

    /// <summary>When the server was asked.</summary>
    public DateTimeOffset At { get; init; }
}
