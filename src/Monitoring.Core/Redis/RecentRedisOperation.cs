namespace Monitoring.Redis;

/// <summary>One operation of the recent past.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Operation">Redis command, such as <c>GET</c>.</param>
/// <param name="Duration">Time from the call to its completion, as the caller saw it.</param>
/// <param name="Failure">How it ended.</param>
/// <param name="Error">Error prefix of the server or type of the exception; null on success.</param>
/// <param name="KeyPattern">Pattern of its first key, such as <c>user:{id}:cart</c>; null when it has none, or was measured elsewhere.</param>
public readonly record struct RecentRedisOperation(
    DateTimeOffset At,
    string Operation,
    TimeSpan Duration,
    RedisFailureKind Failure,
    string? Error,
    string? KeyPattern = null);
