using System.Globalization;
using Monitoring.Alerts;
using Monitoring.CircuitBreakers;
using Monitoring.Redis;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;

namespace Monitoring;

/// <summary>
/// How the service fares at the moment an alert fires, in a few short texts: what Redis and the webhooks spend their time on,
/// which circuits are open, and which queues are under pressure. What has nothing to say is left out.
/// </summary>
internal sealed class Circumstances(RedisMonitor redis, WebhookMonitor webhooks, CircuitBreakerRegistry circuits, TaskQueueMonitor queues)
{
    private const int Top = 5;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>The texts by what they are about. Costs two summaries, so it is asked for once an evaluation at most.</summary>
    public IReadOnlyDictionary<string, string> Describe()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var commands = redis.GetSummary(Window);
        Add(texts, "redisTopOperations", commands.OperationsByType.Values
            .OrderByDescending(static operation => operation.Average * operation.Count)
            .Select(static operation => $"{operation.Operation} 95th percentile {Time(operation.P95)}, {operation.Count} calls, {operation.Failures} failed"));
        if (commands.Verdict.Explanation is { Length: > 0 } explanation)
        {
            texts["redisLatency"] = explanation;
        }

        Add(texts, "webhookPhases", webhooks.GetSummary(Window).Phases
            .OrderByDescending(static phase => phase.SharePercent)
            .Select(static phase => $"{phase.Name} {AlertText.Quantity(phase.SharePercent, "%")} of the time, 95th percentile {Time(phase.P95)}"));
        Add(texts, "openCircuits", circuits.GetSummaries()
            .Where(static circuit => circuit.State != CircuitState.Closed)
            .Select(static circuit => $"{circuit.Name} {circuit.State} for {Time(circuit.TimeInState)}"));
        Add(texts, "backpressure", queues.GetSummary(Window).Queues
            .Where(static queue => queue.Backpressure.IsDetected)
            .Select(static queue => $"{queue.Name ?? TaskQueueMonitor.DefaultQueue} {queue.Backpressure.Level}: {string.Join(' ', queue.Backpressure.Reasons)}"));
        return texts;
    }

    private static void Add(Dictionary<string, string> texts, string key, IEnumerable<string> parts)
    {
        var text = string.Join("; ", parts.Take(Top));
        if (text.Length > 0)
        {
            texts[key] = text;
        }
    }

    private static string Time(TimeSpan time) => AlertText.Quantity(time.TotalMilliseconds, "ms");
}
