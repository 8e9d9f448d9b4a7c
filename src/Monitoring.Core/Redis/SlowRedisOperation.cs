using Monitoring.Telemetry;

namespace Monitoring.Redis;

/// <summary>
/// What the log says of a slow Redis operation. A key is there as its pattern, also where whole keys are kept in memory: a log
/// goes further than the process.
/// </summary>
internal static class SlowRedisOperation
{
    public static SlowOperationEvent Describe(in RedisObservation observation, TimeSpan threshold)
    {
        Span<char> pattern = stackalloc char[RedisKeyNormalizer.Longest];
        var length = RedisKeyNormalizer.Normalize(observation.Key, pattern);
        return new SlowOperationEvent(
            SlowOperationKind.Redis, observation.Operation, observation.Duration, threshold, observation.Failure == RedisFailureKind.None ? "completed" : observation.Failure.ToString())
        {
            Source = observation.EndPoint,
            Detail = length > 0 ? string.Concat("key ", pattern[..length]) : null,
            TraceId = observation.TraceId,
        };
    }
}
