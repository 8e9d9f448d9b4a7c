using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>The alerts: those that fire, the most severe first, and those that were resolved, newest first.</summary>
internal sealed record AlertsResponse(IReadOnlyList<Alert> Active, IReadOnlyList<Alert> Resolved, AlertSummary Summary);
