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

    /// <summary>Whether so many connections were lost or refused of late that the client keeps reconnecting.</summary>
    public bool IsReconnectStorm { get; init; }

    /// <summary>The last events, newest first.</summary>
    public IReadOnlyList<RedisConnectionEvent> Events { get; init; } = [];

    /// <summary>What the servers say of themselves; empty until they were asked, or where that is off.</summary>
    public IReadOnlyList<RedisServerStatistics> Servers { get; init; } = [];

    /// <summary>The stream groups that the options declare.</summary>
    public IReadOnlyList<RedisStreamGroupStatus> StreamGroups { get; init; } = [];
}
