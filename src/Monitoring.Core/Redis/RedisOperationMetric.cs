namespace Monitoring.Redis;

/// <summary>One finished Redis operation.</summary>
/// <param name="Operation">Redis command, such as <c>GET</c>.</param>
/// <param name="Duration">Time from the call to its completion, as the caller saw it.</param>
/// <param name="Failure">How it ended.</param>
/// <param name="Error">Error prefix of the server (<c>WRONGTYPE</c>) or type of the exception; null on success.</param>
public readonly record struct RedisOperationMetric(
    string Operation,
    TimeSpan Duration,
    RedisFailureKind Failure = RedisFailureKind.None,
    string? Error = null);
