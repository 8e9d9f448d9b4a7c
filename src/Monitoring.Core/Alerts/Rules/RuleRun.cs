namespace Monitoring.Alerts.Rules;

/// <summary>
/// A rule at work: what it reads, and what it remembers of its series. Evaluated by one thread at a time; how it stands may be
/// read by any.
/// </summary>
internal abstract class RuleRun(AlertRule rule)
{
    // Written by the evaluation, read by whoever asks how the rule stands.
    private AlertRule _rule = rule;
    private string? _error;
    private int _count;
    private long _evaluatedAt;

    public AlertRule Rule
    {
        get => Volatile.Read(ref _rule);
        protected set => Volatile.Write(ref _rule, value);
    }

    /// <summary>What it reads.</summary>
    public virtual IEnumerable<Operand> Operands => [];

    /// <summary>Evaluates it and keeps what came of it; what it throws is kept too.</summary>
    /// <returns>What it threw, or null.</returns>
    public Exception? Evaluate(DateTimeOffset now, long second, List<Observation> observations)
    {
        var before = observations.Count;
        Exception? thrown = null;
        string? error;
        try
        {
            error = Observe(second, observations);
        }
        catch (Exception exception)
        {
            // Half of its findings would look as if the others were gone.
            observations.RemoveRange(before, observations.Count - before);
            thrown = exception;
            error = $"{exception.GetType().Name}: {exception.Message}";
        }

        Volatile.Write(ref _error, error);
        Volatile.Write(ref _count, observations.Count - before);
        Volatile.Write(ref _evaluatedAt, now.UtcTicks);
        IsBroken = thrown is not null;
        return thrown;
    }

    /// <summary>Whether the last evaluation threw, so that it said nothing of any series.</summary>
    protected bool IsBroken { get; private set; }

    /// <summary>Whether the last evaluation could not tell how a series stands.</summary>
    public bool IsUnknown(string? instance) => IsBroken || IsUnknownSeries(SeriesKey.Of(instance));

    /// <summary>Takes over what another run, of the rule of the same name before a reload, knows of the same series.</summary>
    public virtual void TakeOver(RuleRun old)
    {
        Volatile.Write(ref _error, old._error);
        Volatile.Write(ref _count, old._count);
        Volatile.Write(ref _evaluatedAt, old._evaluatedAt);
        IsBroken = old.IsBroken;
    }

    public AlertRuleStatus GetStatus()
    {
        var rule = Rule;
        var evaluatedAt = Volatile.Read(ref _evaluatedAt);
        return new AlertRuleStatus
        {
            Name = rule.Name,
            Kind = rule.Kind,
            Origin = rule.Origin,
            IsEnabled = rule.IsEnabled,
            Category = rule.Category,
            Condition = rule.Condition,
            For = rule.For,
            KeepFiringFor = rule.KeepFiringFor,
            NoData = rule.NoData,
            Labels = rule.Labels,
            Runbook = rule.Runbook,
            Series = Volatile.Read(ref _count),
            Overflowed = Operands.Sum(static operand => operand.Overflowed),
            EvaluatedAt = evaluatedAt == 0 ? null : new DateTimeOffset(evaluatedAt, TimeSpan.Zero),
            Error = Volatile.Read(ref _error),
        };
    }

    /// <summary>Adds what the rule finds of each series that gives data.</summary>
    /// <returns>What it lacks, or null.</returns>
    protected abstract string? Observe(long second, List<Observation> observations);

    /// <summary>Whether the last evaluation could not tell how one series stands.</summary>
    protected virtual bool IsUnknownSeries(string key) => false;
}
