using System.Text.Json.Serialization;
using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>How it goes, in words.</summary>
internal sealed record HealthResponse(
    string Status,
    string Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AlertSummary? Alerts = null)
{
    public static HealthResponse Of(IPerformanceMonitor monitor)
    {
        var (status, reason) = Overview.Judge(monitor);
        return new HealthResponse(status.ToString(), reason, AlertSummary.Of(monitor.GetActiveAlerts()));
    }
}
