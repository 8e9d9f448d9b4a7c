using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>A series of the monitor's rooms or of a source of the host's own.</summary>
internal sealed class MetricOperand(string metric, SourceReadings readings) : Operand(metric)
{
    // The sources that have ever given it: that another one fails is no matter of this metric.
    private readonly HashSet<int> _sources = [];

    public string Metric => Key;

    public override string? Error => _sources.Count == 0
        ? $"No source has given '{Key}' yet; the monitor itself knows {string.Join(", ", MetricCatalog.Names)}."
        : Failed is { } source ? $"Its source cannot be read: {readings.Failure(source)}" : null;

    public override IReadOnlyList<SourcedReading> Read(TimeSpan window)
    {
        var read = readings.Read(Key, window);
        var last = -1;
        foreach (var (_, source) in read)
        {
            if (source != last)
            {
                _sources.Add(last = source);
            }
        }

        return read;
    }

    public override bool HasFailed(int source) => source == AnySource ? Failed is not null : readings.Failure(source) is not null;

    private int? Failed
    {
        get
        {
            foreach (var source in _sources)
            {
                if (readings.Failure(source) is not null)
                {
                    return source;
                }
            }

            return null;
        }
    }
}
