using Monitoring.Latency;

namespace Monitoring.Queries;

/// <summary>All queries on one kind of database. Thread-safe; recording is lock-free and allocates nothing.</summary>
internal sealed class DatabaseSeries(string system, SliceClock clock)
{
    private readonly LatencyRecorder _durations = new(clock);
    private readonly WindowedCounter _failures = new(clock);
    private readonly WindowedCounter _canceled = new(clock);
    private readonly WindowedCounter _slow = new(clock);

    public string System { get; } = system;

    public void Record(in QueryExecution query, bool slow)
    {
        _durations.Record(query.Duration);
        switch (query.Outcome)
        {
            case QueryOutcome.Failed:
                _failures.Add();
                break;
            case QueryOutcome.Canceled:
                _canceled.Add();
                break;
        }

        if (slow)
        {
            _slow.Add();
        }
    }

    /// <summary>What was counted within a window.</summary>
    public DatabaseWindow Read(TimeSpan window)
    {
        // The parts before the whole: a query recorded meanwhile must not make a share exceed 100 %.
        var (failures, canceled, slow) = (_failures.GetCount(window), _canceled.GetCount(window), _slow.GetCount(window));
        return new DatabaseWindow(System, _durations.GetSnapshot(window), failures, canceled, slow);
    }

    /// <summary>What was counted since the start.</summary>
    public DatabaseTotals GetTotals()
    {
        // The parts before the whole, as above.
        var (failures, canceled, slow) = (_failures.TotalCount, _canceled.TotalCount, _slow.TotalCount);
        return new DatabaseTotals(System, _durations.GetTotals(), failures, canceled, slow);
    }
}

/// <summary>Queries on one kind of database within a window.</summary>
internal readonly record struct DatabaseWindow(string System, LatencySnapshot Latency, long Failures, long Canceled, long Slow);

/// <summary>Queries on one kind of database since the start.</summary>
internal readonly record struct DatabaseTotals(string System, LatencyTotals Latency, long Failures, long Canceled, long Slow);
