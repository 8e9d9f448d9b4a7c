using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>The alerts: those that fire, the most severe first, and those that were resolved, newest first.</summary>
internal sealed record AlertsResponse(IReadOnlyList<Alert> Active, IReadOnlyList<Alert> Resolved, AlertCounts Summary);

/// <summary>How many alerts are active.</summary>
internal sealed record AlertCounts(int Total, int Warning, int Critical)
{
    public static AlertCounts Of(IReadOnlyList<Alert> active)
    {
        var critical = active.Count(static alert => alert.Severity == AlertSeverity.Critical);
        return new AlertCounts(active.Count, active.Count - critical, critical);
    }
}
