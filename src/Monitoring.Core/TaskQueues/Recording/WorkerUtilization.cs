using Monitoring.Latency;
using Monitoring.TaskQueues.Processing;

namespace Monitoring.TaskQueues.Recording;

/// <summary>
/// Utilisation as a ratio of integrals: time the workers were busy over time there were workers. Nothing is sampled, so a
/// worker that is busy for 3 of 10 seconds counts as 30 % whenever it was. Thread-safe; one loop integrates.
/// </summary>
internal sealed class WorkerUtilization(SliceClock clock)
{
    private static readonly TimeSpan LoopInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _timeProvider = clock.TimeProvider;
    private readonly WindowedCounter _busy = new(clock);
    private readonly WindowedCounter _available = new(clock);

    // Replaced as a whole under the lock, read without it.
    private readonly Lock _lock = new();
    private WorkerPool[] _pools = [];
    private WorkerActivity[] _guests = [];

    private long _integratedAt = clock.TimeProvider.GetTimestamp();

    /// <summary>Counts the workers of a pool, as they come and go. Of one that leaves, up to a second is not counted.</summary>
    public void Add(WorkerPool pool)
    {
        lock (_lock)
        {
            Volatile.Write(ref _pools, [.. _pools, pool]);
        }
    }

    public void Remove(WorkerPool pool)
    {
        lock (_lock)
        {
            Volatile.Write(ref _pools, [.. _pools.Where(known => !ReferenceEquals(known, pool))]);
        }
    }

    /// <summary>Counts an attempt in a loop that is not ours.</summary>
    public void Add(WorkerActivity guest)
    {
        lock (_lock)
        {
            Volatile.Write(ref _guests, [.. _guests, guest]);
        }
    }

    public int CountBusy()
    {
        var busy = CountBusy(Volatile.Read(ref _guests));
        foreach (var pool in Volatile.Read(ref _pools))
        {
            busy += CountBusy(pool.Activities);
        }

        return busy;
    }

    /// <summary>Adds the time since the last call; the monitor's loop only.</summary>
    /// <param name="workers">How many workers there are of which it is known whether they are busy, wherever they run.</param>
    /// <param name="busyElsewhere">How many busy ones are known by number only.</param>
    public void Integrate(int workers, int busyElsewhere)
    {
        var now = _timeProvider.GetTimestamp();
        var passed = now - _integratedAt;
        _integratedAt = now;
        var busy = passed * busyElsewhere;
        busy += TakeBusyTicks(Volatile.Read(ref _guests), now);
        foreach (var pool in Volatile.Read(ref _pools))
        {
            busy += TakeBusyTicks(pool.Activities, now);
        }

        _available.Add(passed * workers);
        _busy.Add(busy);
    }

    /// <summary>Busy share of the workers' time within the last <paramref name="window"/>, 0–100; null without workers.</summary>
    public double? GetPercent(TimeSpan window) => GetIntegrals(window).Percent;

    /// <summary>The integrals behind it.</summary>
    public UtilizationIntegrals GetIntegrals(TimeSpan window)
    {
        // The loop adds a second when it is over, so it counts in the slice after it.
        var slices = window - LoopInterval;
        return new UtilizationIntegrals(_busy.GetCount(slices), _available.GetCount(slices));
    }

    private static int CountBusy(WorkerActivity[] activities)
    {
        var busy = 0;
        foreach (var activity in activities)
        {
            busy += activity.IsBusy ? 1 : 0;
        }

        return busy;
    }

    private static long TakeBusyTicks(WorkerActivity[] activities, long now)
    {
        var busy = 0L;
        foreach (var activity in activities)
        {
            // Never backwards: a reading between two stores of the worker may have been ahead by one task.
            var integral = Math.Max(activity.Accounted, activity.GetBusyTicks(now));
            busy += integral - activity.Accounted;
            activity.Accounted = integral;
        }

        return busy;
    }
}
