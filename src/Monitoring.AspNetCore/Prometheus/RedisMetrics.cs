using Monitoring.Redis;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>Redis as the callers see it: by command (1,024, the others <c>OTHER</c>), and where the time goes.</summary>
internal static class RedisMetrics
{
    public static readonly Metric Operations = new(
        "monitoring_redis_operations", MetricType.Counter, "", "Operations, failed and rejected ones included.", "operation");

    public static readonly Metric OperationFailures = new(
        "monitoring_redis_operation_failures", MetricType.Counter, "", "Operations that failed; a caller that gave up is not a failure.", "operation");

    public static readonly Metric Failures = new(
        "monitoring_redis_failures", MetricType.Counter, "", "Failed operations of all commands by kind, and those that the caller gave up (canceled).", "kind");

    public static readonly Metric Duration = new(
        "monitoring_redis_operation_duration_seconds", MetricType.Summary, "seconds", "Time of operations, without rejected ones, which never waited for Redis.", "operation");

    public static readonly Metric LastMinute = new(
        "monitoring_redis_operations_last_minute", MetricType.Gauge, "", "Operations in the last minute: what the percentiles are of.", "operation");

    public static readonly Metric P50 = new(
        "monitoring_redis_operation_duration_p50_seconds", MetricType.Gauge, "seconds", "Median time of operations in the last minute.", "operation");

    public static readonly Metric P95 = new(
        "monitoring_redis_operation_duration_p95_seconds", MetricType.Gauge, "seconds", "95th percentile of the time of operations in the last minute.", "operation");

    public static readonly Metric P99 = new(
        "monitoring_redis_operation_duration_p99_seconds", MetricType.Gauge, "seconds", "99th percentile of the time of operations in the last minute.", "operation");

    public static readonly Metric FailureRatio = new(
        "monitoring_redis_failure_ratio", MetricType.Gauge, "ratio", "Failed share of the operations of the last minute, 0 to 1; not there when there were none.");

    public static readonly Metric LatencyShare = new(
        "monitoring_redis_latency_share_ratio", MetricType.Gauge, "ratio", "Share of the time of operations in the last minute, by where it went.", "cause");

    public static readonly Metric FireAndForget = new(
        "monitoring_redis_fire_and_forget", MetricType.Counter, "", "Commands sent whose outcome nobody knows.");

    public static readonly Metric PubSub = new(
        "monitoring_redis_pubsub_messages", MetricType.Counter, "", "Messages published (out), and received by handlers (in), by pattern of the channel.", "channel", "direction");

    public static IReadOnlyList<Metric> All { get; } =
        [Operations, OperationFailures, Failures, Duration, LastMinute, P50, P95, P99, FailureRatio, LatencyShare, FireAndForget, PubSub];

    public static void Write(ExpositionWriter writer, IPerformanceMonitor monitor)
    {
        var totals = monitor.Redis.GetOperationTotals();
        var summary = monitor.GetRedisOperationSummary(Exposition.Window);
        IReadOnlyList<RedisOperationStatistics> minute = [.. summary.OperationsByType.Values];

        writer.Each(Operations, totals, static operation => operation.Operation, static operation => operation.Operations);
        writer.Each(OperationFailures, totals, static operation => operation.Operation, static operation => operation.Failures.Total);
        WriteFailures(writer, totals.Aggregate(RedisFailureCounts.None, static (sum, operation) => sum.Plus(operation.Failures)));
        writer.Begin(Duration);
        foreach (var operation in totals)
        {
            writer.Summary(operation.Latency.Count, operation.Latency.Seconds, operation.Operation);
        }

        Minute(LastMinute, static operation => operation.Count);
        Minute(P50, static operation => operation.P50.TotalSeconds);
        Minute(P95, static operation => operation.P95.TotalSeconds);
        Minute(P99, static operation => operation.P99.TotalSeconds);
        writer.Begin(FailureRatio);
        writer.Sample(summary.TotalOperations > 0 ? (100 - summary.SuccessRatePercent) / 100 : null);
        WriteShares(writer, summary.Verdict);
        writer.Begin(FireAndForget);
        writer.Sample(monitor.Redis.GetSentTotal());
        writer.Begin(PubSub);
        foreach (var channel in monitor.Redis.Channels.All)
        {
            writer.Sample(channel.TotalPublished, channel.Pattern, "out");
            writer.Sample(channel.TotalReceived, channel.Pattern, "in");
        }

        // Of rejected operations alone nothing has a latency.
        void Minute(Metric metric, Func<RedisOperationStatistics, double?> value) =>
            writer.Each(metric, minute, static operation => operation.Operation, operation => operation.Maximum > TimeSpan.Zero || metric == LastMinute ? value(operation) : null);
    }

    private static void WriteFailures(ExpositionWriter writer, RedisFailureCounts failures)
    {
        writer.Begin(Failures);
        writer.Sample(failures.Timeout, "timeout");
        writer.Sample(failures.Connection, "connection");
        writer.Sample(failures.Server, "server");
        writer.Sample(failures.Rejected, "rejected");
        writer.Sample(failures.Canceled, "canceled");
    }

    private static void WriteShares(ExpositionWriter writer, RedisLatencyVerdict verdict)
    {
        if (verdict.Operations > 0)
        {
            writer.Begin(LatencyShare);
            writer.Sample(verdict.ServerPercent / 100, "server");
            writer.Sample(verdict.NetworkPercent / 100, "network");
            writer.Sample(verdict.ClientPercent / 100, "client");
            writer.Sample(verdict.HeadOfLinePercent / 100, "head_of_line");
            writer.Sample(verdict.UnknownPercent / 100, "unknown");
        }
    }
}
