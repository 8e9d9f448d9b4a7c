namespace Monitoring.Telemetry;

/// <summary>Where alert rules read from. Each room of the monitor is one; alerts never call a room otherwise.</summary>
public interface IMetricSource
{
    /// <summary>Adds the current value of each series, computed over the last <paramref name="window"/>.</summary>
    void Collect(ICollection<MetricReading> readings, TimeSpan window);
}
