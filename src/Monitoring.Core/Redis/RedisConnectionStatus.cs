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

    /// <summary>Connections lost or refused since the start.</summary>
    public long Failures { get; init; }

    /// <summary>Connections restored since the start.</summary>
    public long Restores { get; init; }
}
