using System.Text.Json.Nodes;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.AspNetCore.Live;
using Monitoring.AspNetCore.Security;
using Monitoring.DependencyInjection;
using Monitoring.History;
using Monitoring.Redis;

namespace Monitoring.AspNetCore.Page;

/// <summary>What a report holds: everything that the page asks the API for, as it was at one moment.</summary>
internal sealed record ReportData
{
    // As many as a chart is wide.
    private const int Points = 300;

    private static readonly TimeSpan HistoryLength = TimeSpan.FromHours(1);

    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Who made it. As a reader: a report changes nothing.</summary>
    public required SessionResponse Session { get; init; }

    public required IReadOnlyDictionary<LivePage, LiveSnapshot> Live { get; init; }

    /// <summary>The last hour; without what is known of single operations, endpoints and queues.</summary>
    public required HistorySummary History { get; init; }

    public required RedisLatencyMap LatencyMap { get; init; }

    public required ChangesResponse Changes { get; init; }

    /// <summary>The thresholds of the default rules, in the shape of the configuration; null where the settings cannot be read.</summary>
    public required JsonObject? Settings { get; init; }

    public static ReportData Take(IPerformanceMonitor monitor, MonitorSettings? settings, string by, TimeSpan window)
    {
        var now = monitor.TimeProvider.GetUtcNow();
        return new ReportData
        {
            GeneratedAt = now,
            Session = new SessionResponse(ApiRole.Reader, by),
            Live = Enum.GetValues<LivePage>().ToDictionary(static page => page, page => LivePages.Take(monitor, page, window)),
            History = monitor.History.Read([], now - HistoryLength, now, Points, instance: ""),
            LatencyMap = monitor.Redis.GetLatencyMap(window),
            Changes = new ChangesResponse(monitor.GetRecentChanges(window)),
            Settings = settings is null ? null : ThresholdsOf(settings.Read([])),
        };
    }

    // Not all of them: a file goes further than an answer.
    private static JsonObject ThresholdsOf(JsonObject settings) =>
        new() { ["Alerts"] = new JsonObject { ["Thresholds"] = settings["Alerts"]?["Thresholds"]?.DeepClone() } };
}
