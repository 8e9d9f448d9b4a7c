using System.Collections.Frozen;

namespace Monitoring.Alerts.Suppression;

/// <summary>Finds all of many things whose matchers match an alert, without asking those that are about another rule. Immutable.</summary>
internal sealed class MatcherIndex<T>
{
    private readonly FrozenDictionary<string, (MatcherSet Matchers, T Value)[]> _ofRule;
    private readonly (MatcherSet Matchers, T Value)[] _ofAny;

    public MatcherIndex(IEnumerable<(MatcherSet Matchers, T Value)> entries)
    {
        var byRule = entries.ToLookup(static entry => entry.Matchers.AlertName, StringComparer.Ordinal);
        _ofAny = [.. byRule[null]];
        _ofRule = byRule.Where(static rule => rule.Key is not null).ToFrozenDictionary(static rule => rule.Key!, static rule => rule.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>What matches, in no order; the same empty array for all that nothing matches.</summary>
    public T[] Find(Alert alert)
    {
        List<T>? found = null;
        Add(_ofAny, alert, ref found);
        if (_ofRule.TryGetValue(alert.Rule, out var ofRule))
        {
            Add(ofRule, alert, ref found);
        }

        return found is null ? [] : [.. found];
    }

    private static void Add((MatcherSet Matchers, T Value)[] entries, Alert alert, ref List<T>? found)
    {
        foreach (var (matchers, value) in entries)
        {
            if (matchers.Matches(alert))
            {
                (found ??= []).Add(value);
            }
        }
    }
}
