using System.Globalization;
using Monitoring.Alerts;
using Monitoring.Alerts.Rules;
using Monitoring.Telemetry;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>One of our rules at one severity, said in PromQL.</summary>
internal sealed record AlertingRule(AlertRule Rule, AlertSeverity Severity, string Expression, string Summary, string Description);

/// <summary>Says our default rules in PromQL, over the metrics that are exported.</summary>
internal static class AlertingRules
{
    private const string ServerInfo = "version, role, maxmemory_policy";

    /// <summary>How each rule is said. A rule without an entry is missing from the rule file, which says so.</summary>
    private static readonly Dictionary<string, Template> Templates = new(StringComparer.Ordinal)
    {
        [MetricNames.WebhookResponseTime] = new(
            static (rule, threshold) => Percentile(WebhookMetrics.P95, WebhookMetrics.LastMinute, rule, threshold),
            "Webhooks of {{ $labels.endpoint }} are slow", "95th percentile of the response time", Unit.Seconds),
        [MetricNames.RedisOperationLatency] = new(
            static (rule, threshold) => Percentile(RedisMetrics.P95, RedisMetrics.LastMinute, rule, threshold),
            "Redis {{ $labels.operation }} is slow", "95th percentile of the latency", Unit.Seconds),
        [MetricNames.TaskProcessingTime] = new(
            static (rule, threshold) => Percentile(TaskQueueMetrics.ProcessingP95, TaskQueueMetrics.LastMinute, rule, threshold),
            "Tasks of queue {{ $labels.queue }} are slow", "95th percentile of the processing time", Unit.Seconds),
        [MetricNames.RedisFailureRate] = new(
            static (rule, threshold) => $"{RedisMetrics.FailureRatio.SampleName} >= {threshold} and sum without (operation) ({RedisMetrics.LastMinute.SampleName}) >= {rule.MinimumCount}",
            "Redis operations fail", "Failed share of the operations of the last minute", Unit.Ratio),
        [MetricNames.RedisMemory] = new(
            static (_, threshold) =>
                $"{RedisServerMetrics.MemoryUsed.SampleName} / {RedisServerMetrics.MemoryLimit.SampleName} >= {threshold}"
                + $" unless ignoring ({ServerInfo}) {RedisServerMetrics.Info.SampleName}{{maxmemory_policy=~\"allkeys.*\"}}",
            "Redis server {{ $labels.server }} runs out of memory", "Used share of maxmemory", Unit.Ratio),
        [MetricNames.RedisEvictions] = new(
            static (_, threshold) => $"{RedisServerMetrics.Evictions.SampleName} >= {threshold}",
            "Redis server {{ $labels.server }} evicts keys", "Keys evicted per second", Unit.Number),
        [MetricNames.RedisRejectedConnections] = new(
            static (_, threshold) => $"max_over_time({RedisServerMetrics.RejectedConnections.SampleName}[1m]) >= {threshold}",
            "Redis server {{ $labels.server }} rejects connections", "Connections rejected between two polls", Unit.Number),
        [MetricNames.RedisReplicationLag] = new(
            static (_, threshold) => $"{RedisServerMetrics.ReplicationSilence.SampleName} >= {threshold}",
            "Replication of Redis server {{ $labels.server }} is silent", "Silence", Unit.Seconds),
        [MetricNames.RedisMissRate] = new(
            static (rule, threshold) =>
                $"1 - {RedisServerMetrics.HitRatio.SampleName} >= {threshold} and {RedisServerMetrics.Lookups.SampleName} >= {rule.MinimumCount}"
                + $" and ignoring ({ServerInfo}) {RedisServerMetrics.Info.SampleName}{{maxmemory_policy!~\"noeviction|\"}}",
            "Redis server {{ $labels.server }} misses many keys", "Share of key lookups that found nothing", Unit.Ratio),

        // A circuit that probes is not well again: one that was open within the minute stays up.
        [MetricNames.CircuitState] = new(
            static (_, threshold) => $"max_over_time({CircuitMetrics.State.SampleName}[1m]) >= {threshold}",
            "Circuit {{ $labels.circuit }} is open and rejects calls", "Highest state of the last minute (0 closed, 1 half-open, 2 open)", Unit.Number),
        [MetricNames.TaskQueueOldestAge] = new(
            static (_, threshold) => $"{TaskQueueMetrics.OldestAge.SampleName} >= {threshold}",
            "Tasks of queue {{ $labels.queue }} wait for long", "Age of the oldest task", Unit.Seconds),
        [MetricNames.WorkerUtilization] = new(
            static (_, threshold) => $"{TaskQueueMetrics.Utilization.SampleName} >= {threshold}",
            "Workers of queue {{ $labels.queue }} are busy all the time", "Busy share of their time", Unit.Ratio),
        [MetricNames.Backpressure] = new(
            static (_, threshold) => $"{TaskQueueMetrics.Backpressure.SampleName} >= {threshold}",
            "Queue {{ $labels.queue }} backs up", "Backpressure (1 elevated, 2 severe)", Unit.Number),
    };

    private enum Unit
    {
        Number,
        Seconds,
        Ratio,
    }

    /// <summary>The rules in effect by their own names, and why a rule, or one severity of it, has none.</summary>
    /// <param name="rules">Our rules, with the thresholds in effect.</param>
    /// <param name="thresholds">The thresholds that depend on a queue's capacity.</param>
    public static (IReadOnlyList<AlertingRule> Rules, IReadOnlyList<(string Rule, string Reason)> Missing) From(IEnumerable<AlertRule> rules, AlertThresholds thresholds)
    {
        var said = new List<AlertingRule>();
        var missing = new List<(string, string)>();
        foreach (var rule in rules)
        {
            if (!rule.IsEnabled)
            {
                missing.Add((rule.Name, "it is switched off"));
            }
            else if (rule.Name == MetricNames.TaskQueueDepth)
            {
                said.Add(Depth(rule, AlertSeverity.Warning, thresholds.QueueDepthWarning, thresholds.QueueDepthWarningPercent));
                said.Add(Depth(rule, AlertSeverity.Critical, thresholds.QueueDepthCritical, thresholds.QueueDepthCriticalPercent));
            }
            else if (Templates.TryGetValue(rule.Name, out var template))
            {
                Say(rule, template, said, missing);
            }
            else
            {
                missing.Add((rule.Name, "it has no expression over exported metrics"));
            }
        }

        return (said, missing);
    }

    private static void Say(AlertRule rule, Template template, List<AlertingRule> said, List<(string, string)> missing)
    {
        var pair = rule.Thresholds(default);
        foreach (var severity in Enum.GetValues<AlertSeverity>())
        {
            var threshold = pair[(AlertLevel)severity];
            if (double.IsFinite(threshold))
            {
                var text = Number(template.Unit switch { Unit.Seconds => threshold / 1000, Unit.Ratio => threshold / 100, _ => threshold });
                var quantity = rule.Unit.Length > 0 ? AlertText.Quantity(threshold, rule.Unit) : text;
                said.Add(new AlertingRule(rule, severity, template.Expression(rule, text), template.Summary,
                    $"{template.Measure} is {template.Value}; the {NameOf(severity)} threshold is {quantity}."));
            }
            else
            {
                missing.Add((rule.Name, $"it is never {(severity == AlertSeverity.Critical ? "critical" : "a warning")}"));
            }
        }
    }

    // The lower of a number and a share of the capacity, where there is one.
    private static AlertingRule Depth(AlertRule rule, AlertSeverity severity, int tasks, double percent)
    {
        var depth = $"sum without (priority) ({TaskQueueMetrics.Depth.SampleName})";
        return new AlertingRule(
            rule, severity,
            $"{depth} >= {tasks} or {depth} >= {TaskQueueMetrics.Capacity.SampleName} * {Number(percent / 100)}",
            "Queue {{ $labels.queue }} fills up",
            $"{{{{ $value | humanize }}}} tasks are waiting; the {NameOf(severity)} threshold is {tasks} tasks or {Number(percent)} % of the capacity, whichever is lower.");
    }

    // A percentile is there only when there was at least one observation.
    private static string Percentile(Metric percentile, Metric count, AlertRule rule, string threshold) =>
        $"{percentile.SampleName} >= {threshold}" + (rule.MinimumCount > 1 ? $" and {count.SampleName} >= {rule.MinimumCount}" : "");

    public static string NameOf(AlertSeverity severity) => severity == AlertSeverity.Critical ? "critical" : "warning";

    // As a person would write it: 0.15, not the nearest binary fraction of 15 / 100 that a subtraction before left.
    private static string Number(double value) => Math.Round(value, 9).ToString(CultureInfo.InvariantCulture);

    private sealed record Template(Func<AlertRule, string, string> Expression, string Summary, string Measure, Unit Unit)
    {
        public string Value => Unit switch
        {
            Unit.Seconds => "{{ $value | humanizeDuration }}",
            Unit.Ratio => "{{ $value | humanizePercentage }}",
            _ => "{{ $value | humanize }}",
        };
    }
}
