using Monitoring.Latency;

namespace Monitoring.Webhooks;

/// <summary>What was counted of one endpoint, or of all, within one window.</summary>
internal readonly record struct EndpointWindow(string Name, long Within500Ms, long Within2S, LatencySnapshot Latency)
{
    /// <summary>Share handled within 500 ms, 0–100.</summary>
    public double Within500MsPercent => Percent(Within500Ms);

    /// <summary>Share handled within 2 s, 0–100.</summary>
    public double Within2SPercent => Percent(Within2S);

    /// <summary>All endpoints as one.</summary>
    public static EndpointWindow Merge(IReadOnlyCollection<EndpointWindow> windows) => new(
        "",
        windows.Sum(window => window.Within500Ms),
        windows.Sum(window => window.Within2S),
        LatencySnapshot.Merge(windows.Select(window => window.Latency)));

    // A slice may be closed between the readings of a part and the whole.
    private double Percent(long within) => Latency.Count > 0 ? Math.Min(100.0 * within / Latency.Count, 100) : 0;
}
