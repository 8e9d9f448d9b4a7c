using System.Globalization;
using Monitoring.Alerts;
using Monitoring.Alerts.Rules;
using Monitoring.Caches;
using Monitoring.Telemetry;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>How one of our rules is said in PromQL.</summary>
/// <param name="Label">The label that the instances of the rule are in; null where there is one series only.</param>
/// <param name="Expression">The expression at one threshold.</param>
/// <param name="Summary">What is wrong, in a few words.</param>
/// <param name="Measure">What the value is.</param>
/// <param name="Format">How Prometheus is to show the value.</param>
internal sealed record RuleTemplate(string? Label, Func<RuleParameters, string> Expression, string Summary, string Measure, string Format)
{
    private const string Duration = "humanizeDuration";
    private const string Percentage = "humanizePercentage";
    private const string Plain = "humanize";
    private const string ServerInfo = "version, role, maxmemory_policy";

    /// <summary>What our thresholds, in milliseconds and percent, are divided by.</summary>
    public double Scale => Format switch { Duration => 1000, Percentage => 100, _ => 1 };

    /// <summary>By the name of the rule. One without an entry is missing from the rule file, which says so.</summary>
    public static IReadOnlyDictionary<string, RuleTemplate> All { get; } = new Dictionary<string, RuleTemplate>(StringComparer.Ordinal)
    {
        [MetricNames.WebhookResponseTime] = new(
            "endpoint", static p => Percentile(WebhookMetrics.P95, WebhookMetrics.LastMinute, p),
            "Webhooks of {{ $labels.endpoint }} are slow", "95th percentile of the response time", Duration),
        [MetricNames.WebhookObjective] = new(
            null, Burn, "Webhooks use up their error budget", "How many times faster than it may the error budget is used up", Plain),
        [MetricNames.RequestLatency] = new(
            "endpoint", static p => Percentile(RequestMetrics.P95, RequestMetrics.LastMinute, p),
            "Requests of {{ $labels.endpoint }} are slow", "95th percentile of the time", Duration),
        [MetricNames.RequestErrorRate] = new(
            null, static p => $"{Above(RequestMetrics.FailureRatio, p)} and sum without (endpoint) ({RequestMetrics.LastMinute.SampleName}) >= {p.MinimumCount}",
            "Requests fail", "Failed share of the requests of the last minute", Percentage),
        [MetricNames.RedisOperationLatency] = new(
            "operation", static p => Percentile(RedisMetrics.P95, RedisMetrics.LastMinute, p),
            "Redis {{ $labels.operation }} is slow", "95th percentile of the latency", Duration),
        [MetricNames.TaskProcessingTime] = new(
            "queue", static p => Percentile(TaskQueueMetrics.ProcessingP95, TaskQueueMetrics.LastMinute, p),
            "Tasks of queue {{ $labels.queue }} are slow", "95th percentile of the processing time", Duration),
        [MetricNames.RedisFailureRate] = new(
            null, static p => $"{Above(RedisMetrics.FailureRatio, p)} and sum without (operation) ({RedisMetrics.LastMinute.SampleName}) >= {p.MinimumCount}",
            "Redis operations fail", "Failed share of the operations of the last minute", Percentage),
        [MetricNames.RedisMemory] = new(
            "server",
            static p => $"{RedisServerMetrics.MemoryUsed.SampleName}{p.Selector} / {RedisServerMetrics.MemoryLimit.SampleName} >= {p.Threshold}"
                + $" unless ignoring ({ServerInfo}) {RedisServerMetrics.Info.SampleName}{{maxmemory_policy=~\"allkeys.*\"}}",
            "Redis server {{ $labels.server }} runs out of memory", "Used share of maxmemory", Percentage),
        [MetricNames.RedisEvictions] = new(
            "server", static p => Above(RedisServerMetrics.Evictions, p),
            "Redis server {{ $labels.server }} evicts keys", "Keys evicted per second", Plain),
        [MetricNames.RedisRejectedConnections] = new(
            "server", static p => HighestAbove(RedisServerMetrics.RejectedConnections, p),
            "Redis server {{ $labels.server }} rejects connections", "Connections rejected between two polls", Plain),
        [MetricNames.RedisReplicationLag] = new(
            "server", static p => Above(RedisServerMetrics.ReplicationSilence, p),
            "Replication of Redis server {{ $labels.server }} is silent", "Silence", Duration),
        [MetricNames.RedisMissRate] = new(
            "server",
            static p => $"1 - {RedisServerMetrics.HitRatio.SampleName}{p.Selector} >= {p.Threshold} and {RedisServerMetrics.Lookups.SampleName} >= {p.MinimumCount}"
                + $" and ignoring ({ServerInfo}) {RedisServerMetrics.Info.SampleName}{{maxmemory_policy!~\"noeviction|\"}}",
            "Redis server {{ $labels.server }} misses many keys", "Share of key lookups that found nothing", Percentage),

        [MetricNames.CacheMissRate] = new(
            "cache",
            static p => $"1 - {CacheMetrics.HitRatio.SampleName}{p.Selector} >= {p.Threshold}"
                + $" and {CacheMetrics.LastMinute.SampleName}{{source!=\"{CacheMetrics.NameOf(CacheSource.Redis)}\"}} >= {p.MinimumCount}",
            "Cache {{ $labels.cache }} misses many lookups", "Share of lookups that found nothing", Percentage),

        // A circuit that probes is not well again: one that was open within the minute stays up.
        [MetricNames.CircuitState] = new(
            "circuit", static p => HighestAbove(CircuitMetrics.State, p),
            "Circuit {{ $labels.circuit }} is open and rejects calls", "Highest state of the last minute (0 closed, 1 half-open, 2 open)", Plain),
        [MetricNames.TaskQueueDepth] = new("queue", Depth, "Queue {{ $labels.queue }} fills up", "Number of tasks that wait", Plain),
        [MetricNames.TaskQueueOldestAge] = new(
            "queue", static p => Above(TaskQueueMetrics.OldestAge, p),
            "Tasks of queue {{ $labels.queue }} wait for long", "Age of the oldest task", Duration),
        [MetricNames.WorkerUtilization] = new(
            "queue", static p => Above(TaskQueueMetrics.Utilization, p),
            "Workers of queue {{ $labels.queue }} are busy all the time", "Busy share of their time", Percentage),
        [MetricNames.Backpressure] = new(
            "queue", static p => Above(TaskQueueMetrics.Backpressure, p),
            "Queue {{ $labels.queue }} backs up", "Backpressure (1 elevated, 2 severe)", Plain),
        [MetricNames.CpuUsage] = new(
            null, static p => $"avg_over_time({SystemMetrics.Cpu.SampleName}{p.Selector}[1m]) >= {p.Threshold}",
            "The processors are busy", "Busy share of the processors", Percentage),
        [MetricNames.MemoryUsage] = new(
            null, static p => Above(SystemMetrics.Memory, p),
            "The memory is used up", "Used share of the memory", Percentage),
        [MetricNames.DiskUsage] = new(
            "mountpoint", static p => Above(SystemMetrics.Disk, p),
            "Disk {{ $labels.mountpoint }} is full", "Used share of the disk", Percentage),
        [MetricNames.ServiceHealth] = new(
            "service", static p => Above(ServiceMetrics.Health, p),
            "Service {{ $labels.service }} fares badly", "Health (1 warning, 2 critical)", Plain),
    };

    private static string Above(Metric metric, RuleParameters p) => $"{metric.SampleName}{p.Selector} >= {p.Threshold}";

    // For what may have come and gone between two scrapes.
    private static string HighestAbove(Metric metric, RuleParameters p) => $"max_over_time({metric.SampleName}{p.Selector}[1m]) >= {p.Threshold}";

    // A percentile is there only when there was at least one observation.
    private static string Percentile(Metric percentile, Metric count, RuleParameters p) =>
        Above(percentile, p) + (p.MinimumCount > 1 ? $" and {count.SampleName} >= {p.MinimumCount}" : "");

    // The pairs of windows have thresholds of their own.
    private static string Burn(RuleParameters p)
    {
        return string.Join(" or ", BurnPair.Defaults.Where(pair => pair.Level == p.Level).Select(pair =>
            $"({Rate(pair.Long)} >= {Factor(pair)} and ignoring (window) {Rate(pair.Short)} >= {Factor(pair)} and ignoring (window) {WebhookMetrics.BurnCount.SampleName}{Over(pair.Long)} >= {p.MinimumCount})"));

        static string Rate(TimeSpan window) => WebhookMetrics.BurnRate.SampleName + Over(window);
        static string Over(TimeSpan window) => $"{{window=\"{WebhookMetrics.NameOf(window)}\"}}";
        static string Factor(BurnPair pair) => pair.Factor.ToString(CultureInfo.InvariantCulture);
    }

    // The lower of a number and a share of the capacity, where there is one.
    private static string Depth(RuleParameters p)
    {
        var depth = $"sum without (priority) ({TaskQueueMetrics.Depth.SampleName}{p.Selector})";
        return $"{depth} >= {p.Threshold}" + (p.Share is null ? "" : $" or {depth} >= {TaskQueueMetrics.Capacity.SampleName} * {p.Share}");
    }
}

/// <summary>What a rule's expression is made of at one severity.</summary>
/// <param name="Threshold">The threshold, in the unit of the exported metric.</param>
/// <param name="Share">The share of a bound, such as a queue's capacity, that breaches too; null where there is none.</param>
/// <param name="MinimumCount">Observations below which the value says nothing.</param>
/// <param name="Selector">Which series are meant, in braces; empty for all.</param>
/// <param name="Level">The severity.</param>
internal readonly record struct RuleParameters(string Threshold, string? Share, long MinimumCount, string Selector, AlertLevel Level);
