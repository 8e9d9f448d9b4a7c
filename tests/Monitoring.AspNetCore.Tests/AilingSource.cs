using Monitoring.Telemetry;

namespace Monitoring.AspNetCore.Tests;

/// <summary>A part of the host whose failure rate, and what else there is, a test sets.</summary>
internal sealed class AilingSource : IMetricSource
{
    public double FailureRatePercent { get; set; }

    public List<MetricReading> Others { get; } = [];

    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        readings.Add(new MetricReading(MetricNames.RedisFailureRate, FailureRatePercent, Count: 1000));
        Others.ForEach(readings.Add);
    }
}
