namespace Monitoring.Redis;

/// <summary>One operation that is looked at closely, because it was slow, failed, or belongs to the sample.</summary>
/// <param name="Operation">Redis command, such as <c>GET</c>.</param>
/// <param name="EndPoint">Server as <c>host:port</c>; null where the client would have to ask for it.</param>
/// <param name="Key">First key of the command; null when it has none. Only its pattern is kept, unless
/// <see cref="RedisMonitoringOptions.CaptureRawKeys"/> says otherwise.</param>
/// <param name="Duration">Time from the call to its completion, as the caller saw it.</param>
/// <param name="Failure">How it ended.</param>
/// <param name="Error">Error prefix of the server or type of the exception; null on success.</param>
/// <param name="Weight">How many operations it stands for: 1 or more for one of the sample, 0 for one that is looked at
/// only because it was slow or failed.</param>
/// <param name="ArgumentBytes">Size of the values sent; null when that is not free to know.</param>
/// <param name="ReplyBytes">Size of the values received; null when that is not free to know.</param>
/// <param name="IsSlow">Whether it took <see cref="RedisMonitoringOptions.SlowThreshold"/> or longer.</param>
public readonly record struct RedisObservation(
    string Operation,
    string? EndPoint,
    string? Key,
    TimeSpan Duration,
    RedisFailureKind Failure,
    string? Error,
    long Weight,
    long? ArgumentBytes,
    long? ReplyBytes,
    bool IsSlow)
{
    /// <summary>The trace that it belongs to, 32 hexadecimal digits; null when that is not known.</summary>
    public string? TraceId { get; init; }
}
