using System.Runtime.InteropServices;

namespace Monitoring.Alerts.Suppression;

/// <summary>
/// Finds the alert that explains another one. A cause counts as long as it is active and for a grace time after that, in
/// which what it has caused can recover; as severe as it was within that time. No alert explains itself, nor one that is
/// more severe; of alerts that explain each other in a circle the most severe one, or of those the oldest, stays unexplained.
/// Used by one evaluation at a time.
/// </summary>
internal sealed class Inhibitor
{
    private const int Most = 10_000;

    private readonly InhibitionRule[] _rules;
    private readonly MatcherIndex<int> _sources;
    private readonly MatcherIndex<int> _targets;

    // What can explain something, by rule and key of the alert.
    private readonly Dictionary<(int Rule, string Key), Cause> _causes = [];
    private readonly Dictionary<(int Rule, string Group), Ranking> _rankings = [];

    // By which alert each of those that can explain others is itself explained; null where by none. It has no circles:
    // a step that would close one is not taken, and what is kept of causes that are over was taken before.
    private Dictionary<string, string?> _explained = new(StringComparer.Ordinal);

    public Inhibitor(IEnumerable<InhibitionRule> rules)
    {
        _rules = [.. rules];
        _sources = new MatcherIndex<int>(_rules.Select(static (rule, number) => (rule.Source, number)));
        _targets = new MatcherIndex<int>(_rules.Select(static (rule, number) => (rule.Target, number)));
    }

    public bool HasRules(IEnumerable<InhibitionRule> rules) => _rules.SequenceEqual(rules);

    public InhibitionRoles RolesOf(Alert alert)
    {
        var (sourceOf, targetOf) = (_sources.Find(alert), _targets.Find(alert));
        return sourceOf.Length + targetOf.Length == 0 ? InhibitionRoles.None : new(Groups(sourceOf, alert), Groups(targetOf, alert));
    }

    /// <summary>Looks at the alerts that can explain others.</summary>
    /// <param name="sources">Those of the active alerts.</param>
    /// <param name="now">The moment.</param>
    /// <param name="grace">How long a cause counts that is over.</param>
    public void Prepare(IReadOnlyList<(Alert Alert, InhibitionRoles Roles)> sources, DateTimeOffset now, TimeSpan grace)
    {
        foreach (var (alert, roles) in sources)
        {
            foreach (var (rule, group) in roles.SourceOf)
            {
                See(rule, group, alert, now, grace);
            }
        }

        Rank(now, grace);
        Explain(sources);
    }

    /// <summary>Key of the alert that explains this one in the end, which nothing explains in turn; null when there is none.</summary>
    public string? CauseOf(Alert alert, InhibitionRoles roles)
    {
        if (!_explained.TryGetValue(alert.Key, out var cause) || roles.SourceOf.Length == 0)
        {
            cause = Choose(alert, roles);
        }

        while (cause is not null && _explained.TryGetValue(cause, out var further) && further is not null)
        {
            cause = further;
        }

        return cause;
    }

    private (int Rule, string Group)[] Groups(int[] rules, Alert alert)
    {
        if (rules.Length == 0)
        {
            return [];
        }

        // Thousands of alerts may come at once.
        Array.Sort(rules);
        var groups = new (int, string)[rules.Length];
        for (var i = 0; i < rules.Length; i++)
        {
            groups[i] = (rules[i], _rules[rules[i]].GroupOf(alert));
        }

        return groups;
    }

    // When the clock is set back, the grace time is over and not the longer for it.
    private static bool IsWithin(TimeSpan grace, DateTimeOffset moment, DateTimeOffset now) => now >= moment && now - moment <= grace;

    private void See(int rule, string group, Alert alert, DateTimeOffset now, TimeSpan grace)
    {
        ref var cause = ref CollectionsMarshal.GetValueRefOrAddDefault(_causes, (rule, alert.Key), out var exists);
        if (!exists && _causes.Count > Most)
        {
            _causes.Remove((rule, alert.Key));
            return;
        }

        // One that steps down explains for a while what it explained before.
        var keeps = exists && alert.Severity < cause.Severity && IsWithin(grace, cause.At, now);
        cause = new Cause(alert, group, keeps ? cause.Severity : alert.Severity, keeps ? cause.At : now, now);
    }

    private void Rank(DateTimeOffset now, TimeSpan grace)
    {
        _rankings.Clear();
        List<(int, string)>? over = null;
        foreach (var (key, cause) in _causes)
        {
            if (!IsWithin(grace, cause.SeenAt, now))
            {
                (over ??= []).Add(key);
                continue;
            }

            ref var ranking = ref CollectionsMarshal.GetValueRefOrAddDefault(_rankings, (key.Rule, cause.Group), out _);
            ranking = ranking.With(cause);
        }

        over?.ForEach(key => _causes.Remove(key));
    }

    private void Explain(IReadOnlyList<(Alert Alert, InhibitionRoles Roles)> sources)
    {
        // Of causes that are over it stays as it was.
        var before = _explained;
        _explained = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (_, key) in _causes.Keys)
        {
            _explained[key] = before.GetValueOrDefault(key);
        }

        // What is active is decided anew.
        foreach (var (alert, _) in sources)
        {
            _explained[alert.Key] = null;
        }

        // The least important ones first: who comes last in a circle finds it closed.
        foreach (var (alert, roles) in sources.Where(static source => source.Roles.TargetOf.Length > 0)
            .OrderBy(static source => source.Alert.Severity).ThenByDescending(static source => source.Alert.StartedAt).ThenByDescending(static source => source.Alert.Key, StringComparer.Ordinal))
        {
            _explained[alert.Key] = Choose(alert, roles);
        }
    }

    private string? Choose(Alert alert, InhibitionRoles roles)
    {
        foreach (var target in roles.TargetOf)
        {
            if (_rankings.TryGetValue(target, out var ranking) && (Suits(ranking.First, alert) ?? Suits(ranking.Second, alert)) is { } cause)
            {
                return cause;
            }
        }

        return null;
    }

    private string? Suits(Cause? cause, Alert alert) =>
        cause is { } found && found.Severity >= alert.Severity && !LeadsTo(found.Alert.Key, alert.Key) ? found.Alert.Key : null;

    private bool LeadsTo(string? from, string key)
    {
        while (from is not null && from != key)
        {
            from = _explained.GetValueOrDefault(from);
        }

        return from is not null;
    }

    /// <param name="Alert">The alert as it was last seen.</param>
    /// <param name="Group">Its group.</param>
    /// <param name="Severity">As how severe it counts.</param>
    /// <param name="At">When it was last that severe.</param>
    /// <param name="SeenAt">When it was last active.</param>
    private readonly record struct Cause(Alert Alert, string Group, AlertSeverity Severity, DateTimeOffset At, DateTimeOffset SeenAt);

    /// <summary>The best two causes of a group: the second is for the first itself.</summary>
    private readonly record struct Ranking(Cause? First, Cause? Second)
    {
        public Ranking With(Cause cause)
        {
            if (First is not { } first || IsBetter(cause, first))
            {
                return new Ranking(cause, First);
            }

            return Second is not { } second || IsBetter(cause, second) ? this with { Second = cause } : this;
        }

        // Severe, still active, old.
        private static bool IsBetter(in Cause one, in Cause other) =>
            (one.Severity, one.SeenAt, -one.Alert.StartedAt.UtcTicks).CompareTo((other.Severity, other.SeenAt, -other.Alert.StartedAt.UtcTicks)) is var order
            && (order > 0 || (order == 0 && string.CompareOrdinal(one.Alert.Key, other.Alert.Key) < 0));
    }
}
