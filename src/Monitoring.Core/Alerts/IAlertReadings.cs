using Monitoring.Telemetry;

namespace Monitoring.Alerts;

/// <summary>What rules read from, during one evaluation.</summary>
public interface IAlertReadings
{
    /// <summary>The moment of the evaluation.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The values of a metric over a window, one a series; none when nothing is known by that name.</summary>
    /// <param name="metric">One of <see cref="MetricNames"/>, a name of a source of the host's own, or the name of an instrument that is listened to.</param>
    /// <param name="window">1 s to 1 h; default <see cref="AlertOptions.RecoveryWindow"/>.</param>
    IReadOnlyList<MetricReading> Read(string metric, TimeSpan? window = null);
}
