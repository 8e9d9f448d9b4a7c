using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>All operations of one window: by command, by server and together. No latency is averaged, all are merged.</summary>
internal sealed class RedisOperationsWindow
{
    public required IReadOnlyDictionary<string, RedisOperationStatistics> ByCommand { get; init; }

    public required IReadOnlyList<RedisEndPointStatistics> ByEndPoint { get; init; }

    public required LatencySnapshot Latency { get; init; }

    public required RedisFailureCounts Failures { get; init; }

    public static RedisOperationsWindow Of(IEnumerable<RedisOperationRecorder> recorders, TimeSpan window)
    {
        var operations = recorders.Select(recorder => Operation.Read(recorder, window)).Where(static operation => operation.IsAny).ToList();
        var endPoints = operations.GroupBy(static operation => operation.Recorder.EndPoint, StringComparer.Ordinal).Select(static servers => EndPoint(servers.Key, [.. servers])).ToList();
        return new RedisOperationsWindow
        {
            ByCommand = ByCount(operations.GroupBy(static operation => operation.Recorder.Operation, static (_, same) => Merge([.. same]), StringComparer.Ordinal)),
            ByEndPoint = [.. endPoints.Select(static endPoint => endPoint.Statistics).OrderByDescending(static endPoint => endPoint.Count)],
            Latency = endPoints is [var only] ? only.Latency : LatencySnapshot.Merge(endPoints.Select(static endPoint => endPoint.Latency)),
            Failures = Sum(operations.Select(static operation => operation.Statistics)),
        };
    }

    private static (RedisEndPointStatistics Statistics, LatencySnapshot Latency) EndPoint(string? endPoint, Operation[] operations)
    {
        var latency = LatencySnapshot.Merge(operations.Select(static operation => operation.Latency));
        var statistics = operations.Select(static operation => operation.Statistics).ToList();
        return (
            new RedisEndPointStatistics
            {
                EndPoint = endPoint,
                OperationsByType = ByCount(statistics),
                Count = statistics.Sum(static operation => operation.Count),
                Failures = Sum(statistics),
                Average = latency.Average,
                P95 = latency.P95,
                P99 = latency.P99,
            },
            latency);
    }

    private static RedisOperationStatistics Merge(Operation[] servers)
    {
        if (servers is [var only])
        {
            return only.Statistics;
        }

        var parts = servers.Select(static operation => operation.Statistics).ToList();
        var latency = LatencySnapshot.Merge(servers.Select(static operation => operation.Latency));
        var failures = Sum(parts);
        return new RedisOperationStatistics
        {
            Operation = parts[0].Operation,
            Count = parts.Sum(static part => part.Count),
            Failures = failures.Total,
            FailuresByKind = failures,
            Errors = parts.SelectMany(static part => part.Errors)
                .GroupBy(static error => error.Key, static error => error.Value, StringComparer.Ordinal)
                .ToDictionary(static error => error.Key, static error => error.Sum(), StringComparer.Ordinal),
            Average = latency.Average,
            P50 = latency.P50,
            P95 = latency.P95,
            P99 = latency.P99,
            Maximum = latency.Maximum,
            Sent = parts.Sum(static part => part.Sent),
            Items = parts.Sum(static part => part.Items),
        };
    }

    private static Dictionary<string, RedisOperationStatistics> ByCount(IEnumerable<RedisOperationStatistics> operations) =>
        operations.OrderByDescending(static operation => operation.Count).ToDictionary(static operation => operation.Operation, StringComparer.Ordinal);

    private static RedisFailureCounts Sum(IEnumerable<RedisOperationStatistics> operations) =>
        operations.Aggregate(RedisFailureCounts.None, static (sum, operation) => sum.Plus(operation.FailuresByKind));

    private readonly record struct Operation(RedisOperationRecorder Recorder, LatencySnapshot Latency, RedisOperationStatistics Statistics)
    {
        public bool IsAny => Statistics.Count + Statistics.Sent > 0;

        public static Operation Read(RedisOperationRecorder recorder, TimeSpan window)
        {
            var latency = recorder.GetLatency(window);
            return new Operation(recorder, latency, recorder.GetStatistics(window, latency));
        }
    }
}
