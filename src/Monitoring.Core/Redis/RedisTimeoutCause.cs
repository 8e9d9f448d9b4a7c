namespace Monitoring.Redis;

/// <summary>Why a Redis operation timed out, as far as the client's own figures tell.</summary>
public enum RedisTimeoutCause
{
    /// <summary>The figures point nowhere.</summary>
    Unknown,

    /// <summary>The process had no thread to go on with: its thread pool is starved.</summary>
    ThreadPoolStarvation,

    /// <summary>A large reply was being read on the connection, and the operation's own waited behind it.</summary>
    HeadOfLineBlocking,

    /// <summary>The connection was lost, or there was none.</summary>
    ConnectionLoss,

    /// <summary>The commands were sent and the server did not answer.</summary>
    ServerBusy,
}
