namespace Monitoring.Redis;

/// <summary>How a Redis operation ended.</summary>
public enum RedisFailureKind
{
    /// <summary>It succeeded.</summary>
    None,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>No connection, or it was lost.</summary>
    Connection,

    /// <summary>The server answered with an error, or the client refused to send the command.</summary>
    Server,

    /// <summary>An open circuit refused the call; it never reached a server.</summary>
    Rejected,

    /// <summary>The caller gave up.</summary>
    Canceled,
}
