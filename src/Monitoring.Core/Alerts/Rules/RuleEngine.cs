using Monitoring.Alerts.Rules.Instruments;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>
/// Reads the sources and applies the rules. One evaluation at a time; changed rules are taken over at the beginning of one, so
/// that none sees half of them. How rules stand may be asked by anybody at any time.
/// </summary>
internal sealed class RuleEngine : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly InternalErrors _errors;
    private readonly IAlertRule[] _code;
    private readonly SourceReadings _sources;
    private readonly InstrumentListener _listener;
    private readonly OperandPool _pool;
    private readonly CodeReadings _readings;
    private readonly List<Observation> _observations = [];
    private readonly long _startedAt;

    // Both are replaced as a whole by the evaluation, and read by any thread.
    private RuleRun[] _runs = [];
    private Dictionary<string, RuleRun> _byName = new(StringComparer.Ordinal);

    // Left by who reloads, taken by the next evaluation.
    private AlertOptions? _changed;

    public RuleEngine(AlertOptions options, IEnumerable<IMetricSource> sources, IEnumerable<IAlertRule> rules, TimeProvider timeProvider, InternalErrors errors)
    {
        _timeProvider = timeProvider;
        _errors = errors;
        _startedAt = timeProvider.GetTimestamp();
        _code = [.. Valid(rules)];
        _sources = new SourceReadings([.. sources], errors);
        _listener = new InstrumentListener(timeProvider, errors);
        _pool = new OperandPool(_sources, _listener);
        _readings = new CodeReadings(_sources, _pool);
        Apply(options);
    }

    private long Second => (long)_timeProvider.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>All rules and how they stand, but for their alerts.</summary>
    public IReadOnlyList<AlertRuleStatus> GetStatus() => [.. Volatile.Read(ref _runs).Select(static run => run.GetStatus())];

    /// <summary>Takes over changed rules and thresholds with the next evaluation; the options are valid. Thread-safe.</summary>
    public void Reload(AlertOptions options) => Interlocked.Exchange(ref _changed, options);

    /// <summary>The rule of that name as the next evaluation applies it; null when there is none, or it is switched off.</summary>
    public AlertRule? Find(string name) => Volatile.Read(ref _byName).TryGetValue(name, out var run) && run.Rule is { IsEnabled: true } rule ? rule : null;

    /// <summary>Adds what each rule finds of each series that gives data.</summary>
    public void Evaluate(ICollection<Observation> observations)
    {
        if (Interlocked.Exchange(ref _changed, null) is { } options)
        {
            Apply(options);
        }

        var (now, second) = (_timeProvider.GetUtcNow(), Second);
        _sources.Begin();
        _readings.Begin(now);
        _pool.Observe(second);
        _observations.Clear();
        foreach (var run in _runs)
        {
            if (run.Rule.IsEnabled && run.Evaluate(now, second, _observations) is { } thrown)
            {
                _errors.Report("alerts.rule", thrown);
            }
        }

        foreach (var observation in _observations)
        {
            observations.Add(observation);
        }

        _observations.Clear();
    }

    /// <summary>Whether the last evaluation could not read the source of a series, so that its silence means nothing, neither good nor bad.</summary>
    public bool IsUnknown(AlertSeries series) => _byName.TryGetValue(series.Rule, out var run) && run.Rule.IsEnabled && run.IsUnknown(series.Instance);

    /// <summary>Listens to nothing any more.</summary>
    public void Dispose() => _listener.Dispose();

    private void Apply(AlertOptions options)
    {
        var runs = new RuleBuilder(options, _code, _readings, _pool, Second).Build();
        foreach (var run in runs)
        {
            if (_byName.TryGetValue(run.Rule.Name, out var old))
            {
                run.TakeOver(old);
            }
        }

        // What is switched off is not read either.
        var enabled = runs.Where(static run => run.Rule.IsEnabled).ToArray();
        _pool.Keep(enabled);
        _sources.Wanted = enabled.OfType<CodeRun>().Any() ? null : _pool.Metrics.ToHashSet(StringComparer.Ordinal);
        _readings.DefaultWindow = options.RecoveryWindow;
        Volatile.Write(ref _byName, runs.ToDictionary(static run => run.Rule.Name, StringComparer.Ordinal));
        Volatile.Write(ref _runs, runs);
    }

    // A name that cannot be a key, or that another rule has, leaves its rule out: it must not keep the host from starting.
    private List<IAlertRule> Valid(IEnumerable<IAlertRule> rules)
    {
        var names = new HashSet<string>(RuleBuilder.DefaultNames, StringComparer.Ordinal);
        var valid = new List<IAlertRule>();
        foreach (var rule in rules)
        {
            if (RuleOptionsValidation.IsName(rule.Name) && names.Add(rule.Name))
            {
                valid.Add(rule);
            }
            else
            {
                _errors.Report("alerts.rules", new ArgumentException($"The rule '{rule.Name}' of {rule.GetType().Name} is left out: its name is not [a-z0-9-]+ of 1 to 100 characters, or another rule has it."));
            }
        }

        return valid;
    }
}
