using Monitoring.Telemetry;

namespace Monitoring.AspNetCore.Tests;

/// <summary>A part of the host whose failure rate a test sets.</summary>
internal sealed class AilingSource : IMetricSource
{
    public double FailureRatePercent { get; set; }

    public void Collect(ICollection<MetricReading> readings, TimeSpan window) =>
        readings.Add(new MetricReading(MetricNames.RedisFailureRate, FailureRatePercent, Count: 1000));
}
