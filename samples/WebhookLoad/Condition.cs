using System.Text.Json;

namespace WebhookLoad;

/// <summary>How the service is at one moment, as its API tells.</summary>
internal sealed record Condition(double WebhooksPerSecond, double P95Ms, double RedisP95Ms, int Depth, string Circuit, IReadOnlyList<string> Alerts)
{
    private const int WindowSeconds = 5;

    public bool CircuitIsClosed => Circuit is "Closed" or "-";

    public static async Task<Condition> ReadAsync(MonitoringApi api, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        var webhooks = await api.GetAsync($"webhook-timing?window={WindowSeconds}s", cancellationToken);
        var redis = await api.GetAsync($"redis-operations?window={WindowSeconds}s", cancellationToken);
        var queue = await api.GetAsync("task-queue?window=1m", cancellationToken);
        var circuits = await api.GetAsync("circuit-breakers", cancellationToken);
        var alerts = await api.GetAsync("alerts", cancellationToken);
        return new Condition(
            webhooks.GetProperty("count").GetInt64() / Math.Clamp(elapsed.TotalSeconds, 1, WindowSeconds),
            webhooks.GetProperty("p95Ms").GetDouble(),
            redis.GetProperty("p95Ms").GetDouble(),
            queue.GetProperty("currentDepth").GetInt32(),
            Worst(circuits),
            [.. alerts.GetProperty("active").EnumerateArray().Select(Describe)]);
    }

    public string ToLine(TimeSpan elapsed) =>
        $"{elapsed.TotalSeconds,4:0} s  {WebhooksPerSecond,6:0} webhooks/s  p95 {P95Ms,7:0.0} ms  Redis p95 {RedisP95Ms,7:0.0} ms  depth {Depth,4}  circuit {Circuit,-8}  "
        + Alerts.Count switch { 0 => "no alert", 1 => $"1 alert: {Alerts[0]}", _ => $"{Alerts.Count} alerts: {string.Join(", ", Alerts)}" };

    private static string Worst(JsonElement circuits)
    {
        var states = circuits.EnumerateArray().Select(circuit => circuit.GetProperty("state").GetString()!).ToList();
        return states.FirstOrDefault(state => state != "Closed") ?? states.FirstOrDefault() ?? "-";
    }

    private static string Describe(JsonElement alert) =>
        $"{alert.GetProperty("key").GetString()} ({alert.GetProperty("severity").GetString()!.ToLowerInvariant()})";
}
