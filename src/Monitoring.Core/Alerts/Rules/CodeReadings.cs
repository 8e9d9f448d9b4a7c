using Monitoring.Alerts.Rules.Instruments;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>What rules in code read from. Valid during one evaluation, on its thread.</summary>
internal sealed class CodeReadings(SourceReadings sources, OperandPool pool) : IAlertReadings
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public DateTimeOffset Now { get; private set; }

    public TimeSpan DefaultWindow { get; set; }

    public void Begin(DateTimeOffset now) => Now = now;

    public IReadOnlyList<MetricReading> Read(string metric, TimeSpan? window = null)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var asked = window ?? DefaultWindow;
        var seconds = TimeSpan.FromSeconds(Math.Ceiling(asked.TotalSeconds));
        var length = seconds < Shortest ? Shortest : seconds > Longest ? Longest : seconds;
        var readings = OperandPool.TrySplit(metric, out _, out _) ? pool.Find(metric)?.Read(length) ?? [] : sources.Read(metric, length);
        return [.. readings.Select(static item => item.Reading)];
    }
}
