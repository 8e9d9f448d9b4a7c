using Microsoft.AspNetCore.Builder;

namespace Monitoring.Documentation.Tests;

/// <summary>The code block of docs/dashboard.md, compiled. It stands there word for word, between its two marks.</summary>
internal static class DashboardSnippets
{
    public static void Map(WebApplication app)
    {
        // snippet: map
        app.MapMonitoring();
        app.MapMonitoringDashboard();
        // end
    }
}
