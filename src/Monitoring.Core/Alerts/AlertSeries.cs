using Monitoring.Telemetry;

namespace Monitoring.Alerts;

/// <summary>Identity of one series: what is measured, and of which one of many.</summary>
internal readonly record struct AlertSeries(string Metric, string? Instance)
{
    public static AlertSeries Of(in MetricReading reading) => new(reading.Metric, reading.Instance);
}
