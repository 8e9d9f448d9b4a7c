namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>A page of the dashboard: where it is (<c>#/redis</c>) and what its first heading says.</summary>
internal sealed record DashboardPage(string Path, string Title)
{
    public static DashboardPage Overview { get; } = new("", "Overview");

    public static DashboardPage Webhooks { get; } = new("webhooks", "Webhooks");

    public static DashboardPage Redis { get; } = new("redis", "Redis");

    public static DashboardPage Queue { get; } = new("queue", "Queue");

    public static DashboardPage Requests { get; } = new("requests", "Requests and services");

    public static DashboardPage System { get; } = new("system", "System");

    public static DashboardPage Alerts { get; } = new("alerts", "Alerts");

    public static DashboardPage History { get; } = new("history", "History");

    public static IReadOnlyList<DashboardPage> All { get; } = [Overview, Webhooks, Redis, Queue, Requests, System, Alerts, History];

    public override string ToString() => Title;
}
