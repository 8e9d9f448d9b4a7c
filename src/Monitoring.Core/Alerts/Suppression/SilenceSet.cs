using System.Collections.Frozen;

namespace Monitoring.Alerts.Suppression;

/// <summary>All silences at one moment. Immutable: a change makes a new set, which takes over what was compiled.</summary>
internal sealed class SilenceSet
{
    private readonly FrozenDictionary<string, (Silence Silence, MatcherSet Matchers)> _byId;

    private SilenceSet(Dictionary<string, (Silence Silence, MatcherSet Matchers)> byId)
    {
        _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
        Index = new MatcherIndex<Silence>(_byId.Values.Select(static entry => (entry.Matchers, entry.Silence)));
    }

    public static SilenceSet Empty { get; } = new([]);

    public int Count => _byId.Count;

    public IEnumerable<Silence> All => _byId.Values.Select(static entry => entry.Silence);

    /// <summary>Finds all silences that match an alert, whether or not they are in force.</summary>
    public MatcherIndex<Silence> Index { get; }

    public Silence? Find(string id) => _byId.TryGetValue(id, out var entry) ? entry.Silence : null;

    /// <summary>The set with one silence more, or another one in place of that with its id.</summary>
    public SilenceSet With(Silence silence) => With([silence]);

    /// <summary>The set with these silences as well, each in place of that with its id.</summary>
    public SilenceSet With(IEnumerable<Silence> silences)
    {
        var byId = _byId.ToDictionary(StringComparer.Ordinal);
        foreach (var silence in silences)
        {
            var compiled = byId.TryGetValue(silence.Id, out var before) && before.Silence.Matchers.SequenceEqual(silence.Matchers) ? before.Matchers : new MatcherSet(silence.Matchers);
            byId[silence.Id] = (silence, compiled);
        }

        return new SilenceSet(byId);
    }

    public SilenceSet Without(IEnumerable<string> ids)
    {
        var byId = _byId.ToDictionary(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            byId.Remove(id);
        }

        return new SilenceSet(byId);
    }
}
