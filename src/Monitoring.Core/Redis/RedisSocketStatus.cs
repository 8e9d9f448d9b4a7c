namespace Monitoring.Redis;

/// <summary>The sockets of one kind to one server: what other clients call a pool.</summary>
public sealed record RedisSocketStatus
{
    /// <summary>Server as <c>host:port</c>.</summary>
    public required string EndPoint { get; init; }

    /// <summary><c>Interactive</c> or <c>Subscription</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it is connected, as far as its events tell.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Sockets opened since the start, reconnections included.</summary>
    public long SocketsOpened { get; init; }

    /// <summary>Commands that were not written yet.</summary>
    public long Unsent { get; init; }

    /// <summary>Commands sent that wait for their reply.</summary>
    public long AwaitingResponse { get; init; }

    /// <summary>Replies received that wait for a thread to complete them.</summary>
    public long AwaitingCompletion { get; init; }

    /// <summary>Commands since the start.</summary>
    public long Operations { get; init; }

    /// <summary>Subscriptions that it holds.</summary>
    public long Subscriptions { get; init; }
}
