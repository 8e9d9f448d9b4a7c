using System.Text.Json.Serialization;
using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>How it goes, in words.</summary>
internal sealed record HealthResponse(
    string Status,
    string Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AlertSummary? Alerts = null)
{
    public static HealthResponse Of(IReadOnlyList<Alert> active)
    {
        var counts = AlertSummary.Of(active);
        return counts switch
        {
            { Total: 0 } => new HealthResponse("healthy", "No alert is active.", counts),
            { Critical: 0 } => new HealthResponse("degraded", $"{counts.Warning} active: {Keys(active)}.", counts),
            _ => new HealthResponse("unhealthy", $"{counts.Total} active, {counts.Critical} critical: {Keys(active)}.", counts),
        };
    }

    private static string Keys(IReadOnlyList<Alert> active) =>
        string.Join(", ", active.Take(5).Select(static alert => alert.Key)) + (active.Count > 5 ? ", …" : "");
}
