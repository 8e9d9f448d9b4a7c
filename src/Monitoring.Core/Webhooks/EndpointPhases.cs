using Monitoring.Latency;

namespace Monitoring.Webhooks;

/// <summary>
/// The phases of each endpoint: 255 pairs of both are told apart, which is some 6 MB if all of them are in use; of further ones only the phase
/// over all endpoints is known. Thread-safe; recording is lock-free and allocates nothing once the pair is known.
/// </summary>
internal sealed class EndpointPhases
{
    private const int Limit = 255;
    private const int LongestName = 128;

    // In no name that anybody would think of; one that has it counts as too many.
    private const char Separator = '\n';

    private readonly SeriesTable<Entry> _table;

    public EndpointPhases(SliceClock clock) => _table = new SeriesTable<Entry>(Limit, name => new Entry(name, clock), longestName: LongestName + 1 + LongestName);

    /// <summary>How often there was no room for a pair.</summary>
    public long Overflowed => _table.Overflowed;

    /// <summary>Records one webhook's time in a phase.</summary>
    public void Record(string endpoint, WebhookPhaseTime time)
    {
        if (time.Name is not { Length: > 0 and <= LongestName } phase)
        {
            phase = SeriesTable<Entry>.OverflowName;
        }

        Span<char> name = stackalloc char[endpoint.Length + 1 + phase.Length];
        endpoint.CopyTo(name);
        name[endpoint.Length] = Separator;
        phase.CopyTo(name[(endpoint.Length + 1)..]);
        _table.Get(name).Series.Record(time);
    }

    /// <summary>The phases of each endpoint over a window, the largest share first.</summary>
    /// <param name="window">How far to look back.</param>
    /// <param name="totals">What all webhooks of each endpoint took together.</param>
    public ILookup<string, WebhookPhaseSummary> Summarize(TimeSpan window, IReadOnlyDictionary<string, TimeSpan> totals) => _table.All
        .Where(entry => totals.ContainsKey(entry.Endpoint))
        .Select(entry => (entry.Endpoint, Phase: entry.Series.Summarize(window, totals[entry.Endpoint])))
        .Where(static pair => pair.Phase.Count > 0)
        .OrderByDescending(static pair => pair.Phase.SharePercent)
        .ToLookup(static pair => pair.Endpoint, static pair => pair.Phase, StringComparer.Ordinal);

    private sealed class Entry
    {
        public Entry(string name, SliceClock clock)
        {
            // The entry of those without room has no endpoint, and is not shown.
            var at = name.IndexOf(Separator, StringComparison.Ordinal);
            Endpoint = at < 0 ? "" : name[..at];
            Series = new PhaseSeries(name[(at + 1)..], clock);
        }

        public string Endpoint { get; }

        public PhaseSeries Series { get; }
    }
}
