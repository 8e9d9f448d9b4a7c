namespace Monitoring.Redis;

/// <summary>What happened to a connection.</summary>
public enum RedisConnectionEventKind
{
    /// <summary>A connection was lost or refused.</summary>
    Failed,

    /// <summary>A connection stands again.</summary>
    Restored,

    /// <summary>Connections are lost again and again.</summary>
    ReconnectStorm,

    /// <summary>The client knows other servers, or other roles of them, than before.</summary>
    EndPointsChanged,

    /// <summary>The server announced maintenance.</summary>
    Maintenance,

    /// <summary>The client reported an error of its own, or of the server.</summary>
    Error,
}

/// <summary>One event of a connection.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="EndPoint">Server as <c>host:port</c>, where there is one.</param>
/// <param name="ConnectionKind"><c>Interactive</c> or <c>Subscription</c>, where there is one.</param>
/// <param name="Reason">Why: the client's failure type, such as <c>SocketClosed</c> or <c>CircuitBreaker</c>, or what was announced.</param>
public sealed record RedisConnectionEvent(
    DateTimeOffset At,
    RedisConnectionEventKind Kind,
    string? EndPoint,
    string? ConnectionKind,
    string? Reason);
