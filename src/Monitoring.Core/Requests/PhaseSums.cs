using Monitoring.Latency;

namespace Monitoring.Requests;

/// <summary>The time in each of a few named parts of an operation. For one thread at a time.</summary>
internal sealed class PhaseSums
{
    /// <summary>How many names are told apart; the last place is the others'.</summary>
    public const int Capacity = 16;

    // A handful: walking through them beats hashing.
    private readonly (string Name, long Ticks, int Count)[] _phases = new (string, long, int)[Capacity];
    private int _used;

    public void Add(string name, long ticks)
    {
        for (var i = 0; i < _used; i++)
        {
            if (_phases[i].Name == name || i == Capacity - 1)
            {
                _phases[i].Ticks += ticks;
                _phases[i].Count++;
                return;
            }
        }

        _phases[_used] = (_used < Capacity - 1 ? name : SeriesTable<object>.OverflowName, ticks, 1);
        _used++;
    }

    /// <summary>The phases in the order in which each ended first.</summary>
    public RequestPhase[] ToArray()
    {
        var phases = new RequestPhase[_used];
        for (var i = 0; i < _used; i++)
        {
            phases[i] = new RequestPhase(_phases[i].Name, System.Diagnostics.Stopwatch.GetElapsedTime(0, _phases[i].Ticks), _phases[i].Count);
        }

        return phases;
    }

    public void Clear()
    {
        // Not to keep names alive.
        _phases.AsSpan(0, _used).Clear();
        _used = 0;
    }
}
