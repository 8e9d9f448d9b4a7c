using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>A series of the monitor's rooms or of a source of the host's own.</summary>
internal sealed class MetricOperand(string metric, SourceReadings readings) : Operand(metric)
{
    // The sources that have ever given it: that another one fails is no matter of this metric.
    private readonly HashSet<int> _sources = [];
    private readonly string? _unknown = MetricCatalog.Names.Contains(metric) ? null : $"No source has given '{metric}' yet; the monitor itself knows {string.Join(", ", MetricCatalog.Names)}.";

    public string Metric => Key;

    public override string? Error => Failure is { } failure
        ? $"Its source cannot be read: {failure}"
        : _sources.Count == 0 ? _unknown : null;

    public override IReadOnlyList<SourcedReading> Read(TimeSpan window)
    {
        var read = readings.Read(Key, window);
        var last = -1;
        for (var i = 0; i < read.Count; i++)
        {
            if (read[i].Source != last)
            {
                _sources.Add(last = read[i].Source);
            }
        }

        return read;
    }

    public override bool HasFailed(int source) => (source == AnySource ? Failure : readings.Failure(source)) is not null;

    // As long as nobody has given it, any source that fails might be the one.
    private string? Failure
    {
        get
        {
            if (_sources.Count == 0)
            {
                return readings.AnyFailure;
            }

            foreach (var source in _sources)
            {
                if (readings.Failure(source) is { } failure)
                {
                    return failure;
                }
            }

            return null;
        }
    }
}
