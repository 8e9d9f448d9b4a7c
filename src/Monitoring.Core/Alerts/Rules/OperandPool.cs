using Monitoring.Alerts.Rules.Instruments;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// The operands that rules read: what is read in the same way is the same operand, with the history that it has, before and after
/// a reload. Used by one evaluation at a time.
/// </summary>
internal sealed class OperandPool(SourceReadings readings, InstrumentListener listener)
{
    private readonly Dictionary<string, Operand> _operands = new(StringComparer.Ordinal);

    // The second of the evaluation, shared with those operands that look back from it.
    private readonly long[] _now = [0];

    /// <summary>What <paramref name="source"/> names: a metric, or an instrument if there is a slash in it.</summary>
    public Operand Get(string source, Statistic statistic, IEnumerable<KeyValuePair<string, string>> tags, IEnumerable<string> by)
    {
        if (!TrySplit(source, out var meter, out var instrument))
        {
            return Get(new MetricOperand(source, readings));
        }

        return Get(new InstrumentOperand(listener.Select(meter, instrument, tags, by, statistic.IsPercentile), statistic, _now));
    }

    /// <summary>The operand of the same key that there is already, or this one.</summary>
    public Operand Get(Operand operand) => _operands.TryAdd(operand.Key, operand) ? operand : _operands[operand.Key];

    /// <summary>Forgets what no rule reads any more, and listens to what some rule does.</summary>
    public void Keep(IEnumerable<RuleRun> runs)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var selections = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            foreach (var operand in run.Operands)
            {
                Mark(operand);
            }
        }

        foreach (var (key, _) in _operands)
        {
            if (!wanted.Contains(key))
            {
                _operands.Remove(key);
            }
        }

        listener.Keep(selections);

        void Mark(Operand operand)
        {
            wanted.Add(operand.Key);
            if (operand is InstrumentOperand instrument)
            {
                selections.Add(instrument.Selection.Key);
            }

            foreach (var part in operand.Parts)
            {
                Mark(part);
            }
        }
    }

    /// <summary>The metrics of sources that are read.</summary>
    public IEnumerable<string> Metrics => _operands.Values.OfType<MetricOperand>().Select(static operand => operand.Metric);

    /// <summary>The operand of an instrument that some rule reads; null when none does.</summary>
    public InstrumentOperand? Find(string source) =>
        _operands.Values.OfType<InstrumentOperand>().FirstOrDefault(operand => $"{operand.Selection.Meter}/{operand.Selection.Instrument}" == source);

    /// <summary>Takes note of the moment, before anything is read.</summary>
    public void Observe(long second)
    {
        _now[0] = second;
        listener.Poll(second);
        foreach (var (_, operand) in _operands)
        {
            operand.Observe(second);
        }
    }

    public static bool TrySplit(string source, out string meter, out string instrument)
    {
        var slash = source.IndexOf('/', StringComparison.Ordinal);
        (meter, instrument) = slash < 0 ? ("", "") : (source[..slash], source[(slash + 1)..]);
        return slash >= 0;
    }
}
