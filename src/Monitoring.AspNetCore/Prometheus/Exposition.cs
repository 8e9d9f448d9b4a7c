using System.Diagnostics;
using System.IO.Pipelines;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>All metrics, written from the snapshots that the API answers with. See docs/prometheus.md.</summary>
internal static class Exposition
{
    /// <summary>What percentiles and shares are of.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly Action<ExpositionWriter, IPerformanceMonitor>[] Rooms =
    [
        WebhookMetrics.Write, RequestMetrics.Write, CacheMetrics.Write, QueryMetrics.Write, RedisMetrics.Write, RedisServerMetrics.Write,
        CircuitMetrics.Write, TaskQueueMetrics.Write, ServiceMetrics.Write, SystemMetrics.Write, MeasurementMetrics.Write, AlertMetrics.Write,
    ];

    /// <summary>Every metric that there can be, in the order in which they are written.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        .. WebhookMetrics.All, .. RequestMetrics.All, .. CacheMetrics.All, .. QueryMetrics.All, .. RedisMetrics.All, .. RedisServerMetrics.All,
        .. CircuitMetrics.All, .. TaskQueueMetrics.All, .. ServiceMetrics.All, .. SystemMetrics.All, .. MeasurementMetrics.All, .. AlertMetrics.All, .. SelfMetrics.All,
    ];

    /// <summary>Writes one scrape. A room that cannot be read is left out and counted as an error of the monitor's own.</summary>
    /// <param name="output">Where to; flushed after each room, so that no more of it than one room's is kept.</param>
    /// <param name="monitor">What is written.</param>
    /// <param name="openMetrics">Whether as OpenMetrics, not as text.</param>
    /// <param name="cancellationToken">Ends the writing when the scraper is gone.</param>
    public static async Task WriteAsync(PipeWriter output, IPerformanceMonitor monitor, bool openMetrics, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var writer = new ExpositionWriter(output, openMetrics);
        foreach (var room in Rooms)
        {
            try
            {
                room(writer, monitor);
            }
            catch (Exception exception)
            {
                monitor.Redis.Errors.Report("prometheus", exception);
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        SelfMetrics.Write(writer, monitor, startedAt);
        writer.End();
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
