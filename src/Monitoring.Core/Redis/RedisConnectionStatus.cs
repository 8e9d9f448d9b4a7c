namespace Monitoring.Redis;

/// <summary>What a client says about one of its multiplexers.</summary>
public sealed class RedisConnectionStatus
{
    /// <summary>Name of the connection; that of its circuit too.</summary>
    public required string Name { get; init; }

    /// <summary>Whether at least one server is connected.</summary>
    public bool IsConnected { get; init; }

    /// <summary>The servers it knows, as <c>host:port</c>.</summary>
    public IReadOnlyList<string> EndPoints { get; init; } = [];

    /// <summary>Its sockets by server and kind.</summary>
    public IReadOnlyList<RedisSocketStatus> Sockets { get; init; } = [];

    /// <summary>Connections lost or refused since the start.</summary>
    public long Failures { get; init; }

    /// <summary>Connections restored since the start.</summary>
    public long Restores { get; init; }

    /// <summary>Hash slots of a cluster that were found on another server than before, since the start.</summary>
    public long MovedHashSlots { get; init; }

    /// <summary>Whether five connections to one server or more were lost or refused within the last 30 s.</summary>
    public bool IsReconnectStorm { get; init; }

    /// <summary>The last events, newest first: 80, and 20 errors.</summary>
    public IReadOnlyList<RedisConnectionEvent> Events { get; init; } = [];

    /// <summary>What the servers say of themselves; empty until they were asked, or where that is off.</summary>
    public IReadOnlyList<RedisServerStatistics> Servers { get; init; } = [];

    /// <summary>The stream groups that the options declare.</summary>
    public IReadOnlyList<RedisStreamGroupStatus> StreamGroups { get; init; } = [];
}
