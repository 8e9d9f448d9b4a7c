using System.Runtime.InteropServices;
using Monitoring.Latency;

namespace Monitoring.Alerts.Rules.Instruments;

/// <summary>
/// One series of an instrument. Recording is lock-free, allocates nothing and costs one or two atomic operations on a cell that
/// processors seldom share; what was recorded is looked at once an evaluation.
/// </summary>
/// <remarks>
/// Cells only grow, so a window is the difference of two readings and nothing that is recorded meanwhile is lost. A sum and
/// a count that are read while a value is recorded may differ by that value; the next evaluation has both.
/// </remarks>
internal sealed class InstrumentSeries(string? instance, KeyValuePair<string, object?>[] tags, InstrumentKind kind, LatencyRecorder? recorder, double scale)
{
    private readonly Cell[] _cells = new Cell[kind == InstrumentKind.Gauge ? 1 : Stripes.Count];
    private bool _touched;

    // What an observable instrument says during one poll, and what it said at the one before. Only the evaluation polls.
    private (double Sum, int Count) _polled;
    private (double Sum, int Count)? _before;
    private double _observed;

    public string? Instance => instance;

    public LatencyRecorder? Recorder => recorder;

    /// <summary>What a value is multiplied by to be recorded as nanoseconds.</summary>
    public double Scale => scale;

    /// <summary>The tags that tell it apart.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => tags;

    /// <summary>What it was during the last hour.</summary>
    public TotalsHistory History { get; } = new();

    /// <summary>The second at which something was last recorded.</summary>
    public long TouchedAt { get; private set; } = -1;

    /// <summary>Whether the last poll of an observable instrument gave it, or it was set at all.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>Takes a measurement. Lock-free; allocates nothing; never throws.</summary>
    public void Record(double value)
    {
        if (kind == InstrumentKind.Gauge)
        {
            Volatile.Write(ref _cells[0].Sum, value);
        }
        else
        {
            ref var cell = ref _cells[Stripes.Current];
            for (var seen = Volatile.Read(ref cell.Sum); ;)
            {
                var before = seen;
                seen = Interlocked.CompareExchange(ref cell.Sum, before + value, before);
                if (seen.Equals(before))
                {
                    break;
                }
            }

            if (kind == InstrumentKind.Histogram)
            {
                Interlocked.Increment(ref cell.Count);
                recorder?.Record((long)(value * scale), 1);
            }
        }

        // Written only when it changes: all processors may read the same line.
        if (!Volatile.Read(ref _touched))
        {
            Volatile.Write(ref _touched, true);
        }
    }

    /// <summary>Takes a measurement of an observable instrument; several of one poll are added up.</summary>
    public void Observe(double value) => _polled = (_polled.Sum + value, _polled.Count + 1);

    /// <summary>Looks at what was recorded, once an evaluation.</summary>
    public void Note(long second, bool observable)
    {
        if (observable)
        {
            NotePoll(second);
        }
        else
        {
            // The flag first: what is recorded after it sets it again.
            if (Volatile.Read(ref _touched))
            {
                Volatile.Write(ref _touched, false);
                Interlocked.MemoryBarrier();
                (TouchedAt, IsPresent) = (second, true);
            }

            History.Note(second, Sum());
        }
    }

    private Totals Sum()
    {
        var (sum, count) = (0.0, 0L);
        for (var i = 0; i < _cells.Length; i++)
        {
            sum += Volatile.Read(ref _cells[i].Sum);
            count += Volatile.Read(ref _cells[i].Count);
        }

        return new Totals(sum, count);
    }

    private void NotePoll(long second)
    {
        var polled = _polled;
        _polled = default;
        IsPresent = polled.Count > 0;
        if (IsPresent)
        {
            TouchedAt = second;
            _observed = kind == InstrumentKind.Counter ? _observed + Increase(polled) : polled.Sum;
            _before = polled;
        }

        History.Note(second, new Totals(_observed, 0));
    }

    // A counter that falls has begun anew: what it has then has come since. Where several are added up nobody can tell which
    // one fell, or whether one is gone: the next poll shows what comes from now on.
    private double Increase((double Sum, int Count) polled) => _before switch
    {
        { } before when polled.Count == before.Count && polled.Sum >= before.Sum => polled.Sum - before.Sum,
        { Count: 1 } when polled.Count == 1 => polled.Sum,
        _ => 0,
    };

    // A cell every 128 bytes: a processor fetches lines of 64 in pairs.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Cell
    {
        public double Sum;
        public long Count;
    }
}
