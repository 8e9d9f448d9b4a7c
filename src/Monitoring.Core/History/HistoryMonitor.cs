using Monitoring.Telemetry;

namespace Monitoring.History;

/// <summary>
/// How the figures of the monitor went over time, in memory: each second for five minutes, each ten seconds for an hour, each
/// minute for a day. The loop of the monitor records once a second. At most 500 series, and 100 instances of one metric; what
/// is beyond is counted and not kept. Thread-safe.
/// </summary>
/// <remarks>
/// Time is counted by the steady clock from the wall's time at the start, so seconds never go back. When the wall clock is set,
/// what was recorded moves with it: a point is as old as it is. What was not recorded is a gap.
/// </remarks>
public sealed class HistoryMonitor
{
    private const int SeriesLimit = 500;
    private const int InstanceLimit = 100;
    private const int LargestAnswer = 100_000;
    private const int FewestPoints = 10;
    private const int MostPoints = 2000;

    // Steps that people read well; all are multiples of the resolution that they are used with.
    private static readonly int[] Steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400];

    // A turn that is late by less goes for the second that it missed as well: timers are not that exact.
    private static readonly long LateTicks = TimeSpan.FromSeconds(1.5).Ticks;

    private readonly TimeProvider _timeProvider;
    private readonly long _startTimestamp;
    private readonly long _startTicks;

    // Guards all below. The loop alone writes, once a second; a reader holds it for one series at a time.
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Metric, string? Instance), HistoryTrack> _tracks = [];
    private readonly Dictionary<string, int> _instances = new(StringComparer.Ordinal);
    private long? _first;
    private long _last;
    private long _lastTicks;
    private long _overflowed;

    internal HistoryMonitor(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _startTimestamp = timeProvider.GetTimestamp();
        _startTicks = timeProvider.GetUtcNow().UtcTicks;
    }

    /// <summary>How often a value was not kept for want of room, since the start: each second counts for each series.</summary>
    public long Overflowed
    {
        get
        {
            lock (_lock)
            {
                return _overflowed;
            }
        }
    }

    /// <summary>
    /// What the store has of some metrics between two moments, on one regular grid. Steps are 1 s or more, as short as the number of
    /// points and the resolution of that age allow. An answer has 100,000 points of all series at most. A series that has no
    /// value between the two moments is left out.
    /// </summary>
    /// <param name="metrics">Names, as <see cref="HistoryMetrics"/> has them; all when empty. Others have no series.</param>
    /// <param name="from">Where the answer begins; a step that has begun before is left out.</param>
    /// <param name="to">Where it ends; the second that goes on is left out.</param>
    /// <param name="points">How many points are wanted at most; 10 to 2,000, the nearest of which is taken.</param>
    /// <param name="instance">Of which instance; null for all of them, empty for what stands for all together.</param>
    public HistorySummary Read(IReadOnlyCollection<string> metrics, DateTimeOffset from, DateTimeOffset to, int points, string? instance = null)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var tracks = Find(metrics, instance, out var first, out var last);
        var steady = SteadyTicks;

        // Whole seconds: what the wall clock was moved by since the start, which is nothing as a rule.
        var moved = (long)Math.Round((_timeProvider.GetUtcNow().UtcTicks - steady) / (double)TimeSpan.TicksPerSecond);
        var now = steady / TimeSpan.TicksPerSecond;
        var oldestKept = now - HistoryTrack.Reach;
        var end = Math.Clamp(SecondBefore(to) - moved, oldestKept + 1, now - last < 2 ? last + 1 : now + 1);
        var start = Math.Clamp(SecondAfter(from) - moved, oldestKept, end - 1);
        var resolution = HistoryTrack.ResolutionFor(now - start);
        var most = Math.Clamp(Math.Min(points, LargestAnswer / Math.Max(tracks.Count, 1)), FewestPoints, MostPoints);
        var (begin, step, count) = Grid(start, end, HistoryTrack.StepOf(resolution), most);
        return new HistorySummary
        {
            StartAt = At(begin),
            Step = TimeSpan.FromSeconds(step),
            Count = count,
            OldestAt = first is { } oldest ? At(Math.Max(oldest, oldestKept)) : null,
            Series = [.. tracks.Select(track => Read(track, resolution, begin, step, count)).OfType<HistorySeries>()],
        };

        DateTimeOffset At(long second) => new((second + moved) * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }

    /// <summary>The value of each series at the last turn of the monitor's loop; a series that had none is left out.</summary>
    public IReadOnlyList<HistoryValue> GetLatest()
    {
        lock (_lock)
        {
            return
            [
                .. _tracks.Values.Where(track => track.LastSecond == _last)
                    .Select(static track => new HistoryValue(track.Metric, track.Instance, track.Unit, track.LastValue))
                    .OrderBy(static value => value.Metric, StringComparer.Ordinal).ThenBy(static value => value.Instance, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>Keeps the values of this second; called by the monitor's loop. A second call within one second does nothing.</summary>
    /// <param name="readings">The values; a metric that is not kept, and what is no number, is passed over.</param>
    internal void Record(List<MetricReading> readings)
    {
        var ticks = SteadyTicks;
        var second = ticks / TimeSpan.TicksPerSecond;
        lock (_lock)
        {
            if (_first is not null && second <= _last)
            {
                return;
            }

            var since = _first is not null && second == _last + 2 && ticks - _lastTicks < LateTicks ? second - 1 : second;
            var minute = _last / 60;
            _first ??= second;
            (_last, _lastTicks) = (second, ticks);
            foreach (var reading in readings)
            {
                if (reading.Metric is not null && double.IsFinite(reading.Value) && FindUnderLock(reading.Metric, reading.Instance) is { } track)
                {
                    for (var at = since; at <= second; at++)
                    {
                        track.Add(at, reading.Value);
                    }
                }
            }

            if (second / 60 != minute)
            {
                ForgetUnderLock(second - HistoryTrack.Reach);
            }
        }
    }

    private long SteadyTicks => _startTicks + _timeProvider.GetElapsedTime(_startTimestamp).Ticks;

    private static long SecondBefore(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerSecond;

    private static long SecondAfter(DateTimeOffset at) => (at.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;

    private static (long Start, int Step, int Count) Grid(long start, long end, int resolution, int points)
    {
        foreach (var step in Steps)
        {
            if (step % resolution != 0)
            {
                continue;
            }

            // From the first full step on, to the one that the end lies in.
            var first = (start + step - 1) / step;
            var behind = (end + step - 1) / step;
            if (behind - first <= points || step == Steps[^1])
            {
                return (first * step, step, (int)Math.Clamp(behind - first, 0, points));
            }
        }

        throw new InvalidOperationException("No step is a multiple of the resolution.");
    }

    private List<HistoryTrack> Find(IReadOnlyCollection<string> metrics, string? instance, out long? first, out long last)
    {
        lock (_lock)
        {
            (first, last) = (_first, _last);
            return
            [
                .. _tracks.Values.Where(track => metrics.Count == 0 || metrics.Contains(track.Metric))
                    .Where(track => instance is null || (track.Instance ?? "") == instance)
                    .OrderBy(static track => track.Metric, StringComparer.Ordinal).ThenBy(static track => track.Instance, StringComparer.Ordinal),
            ];
        }
    }

    private HistorySeries? Read(HistoryTrack track, int resolution, long start, int step, int count)
    {
        var averages = new double[count];
        var maxima = new double[count];
        var any = false;
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
            {
                var point = track.Read(resolution, start + ((long)i * step), step);
                (averages[i], maxima[i]) = (point.Average, point.Maximum);
                any |= !double.IsNaN(averages[i]);
            }
        }

        return any ? new HistorySeries(track.Metric, track.Instance, track.Unit, averages, maxima) : null;
    }

    private HistoryTrack? FindUnderLock(string metric, string? instance)
    {
        if (_tracks.TryGetValue((metric, instance), out var track))
        {
            return track;
        }

        if (HistoryMetrics.UnitOf(metric) is not { } unit)
        {
            return null;
        }

        // There is always room for what stands for all instances: there are few of those.
        var instances = _instances.GetValueOrDefault(metric);
        if (instance is not null && (instances >= InstanceLimit || _tracks.Count >= SeriesLimit - HistoryMetrics.Names.Count))
        {
            _overflowed++;
            return null;
        }

        _instances[metric] = instances + (instance is null ? 0 : 1);
        track = new HistoryTrack(metric, instance, unit);
        _tracks.Add((metric, instance), track);
        return track;
    }

    // Series without a value for as long as is kept give their room to others.
    private void ForgetUnderLock(long second)
    {
        foreach (var (key, track) in _tracks)
        {
            if (track.LastSecond < second)
            {
                _tracks.Remove(key);
                _instances[key.Metric] -= key.Instance is null ? 0 : 1;
            }
        }
    }
}
