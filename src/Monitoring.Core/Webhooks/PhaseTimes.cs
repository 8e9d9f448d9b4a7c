using Monitoring.Latency;

namespace Monitoring.Webhooks;

/// <summary>The clocks of the phases of one webhook, by name. Guarded by the lock of its timing.</summary>
/// <param name="capacity">How many names are told apart; further ones share one entry.</param>
internal sealed class PhaseTimes(int capacity)
{
    // A handful: walking through them beats hashing.
    private readonly List<PhaseClock> _clocks = [];

    /// <summary>The clocks of a phase.</summary>
    public PhaseClock Get(string? name)
    {
        name ??= SeriesTable<PhaseClock>.OverflowName;
        foreach (var clock in _clocks)
        {
            if (clock.Name == name)
            {
                return clock;
            }
        }

        return _clocks.Count < capacity || name == SeriesTable<PhaseClock>.OverflowName
            ? Add(name)
            : Get(SeriesTable<PhaseClock>.OverflowName);
    }

    /// <summary>The times so far; a phase that still runs ends now.</summary>
    public WebhookPhaseTime[] ToArray(long now, TimeProvider timeProvider)
    {
        var times = new WebhookPhaseTime[_clocks.Count];
        for (var i = 0; i < times.Length; i++)
        {
            var clock = _clocks[i];
            times[i] = new WebhookPhaseTime(
                clock.Name,
                timeProvider.GetElapsedTime(0, clock.Wall.GetTotal(now)),
                timeProvider.GetElapsedTime(0, clock.Self.GetTotal(now)),
                clock.Count);
        }

        return times;
    }

    private PhaseClock Add(string name)
    {
        var clock = new PhaseClock(name);
        _clocks.Add(clock);
        return clock;
    }
}
