namespace Monitoring.TaskQueues.Recording;

/// <summary>
/// How long one worker has been busy. The worker alone writes, with plain stores; the utilisation reads. A reading that
/// falls between two of those stores is off by one task until the next reading.
/// </summary>
internal sealed class WorkerActivity
{
    private const long Idle = 0;

    private long _busyTicks;
    private long _startedAt;

    /// <summary>Written by the monitor's loop only: how much of the integral it has accounted for.</summary>
    public long Accounted { get; set; }

    public bool IsBusy => Volatile.Read(ref _startedAt) != Idle;

    public void Start(long timestamp) => Volatile.Write(ref _startedAt, timestamp == Idle ? 1 : timestamp);

    public void Stop(long timestamp)
    {
        Volatile.Write(ref _busyTicks, _busyTicks + timestamp - _startedAt);
        Volatile.Write(ref _startedAt, Idle);
    }

    /// <summary>Busy time up to <paramref name="now"/>, in ticks of the time provider's timestamps.</summary>
    public long GetBusyTicks(long now)
    {
        var startedAt = Volatile.Read(ref _startedAt);
        var finished = Volatile.Read(ref _busyTicks);
        return startedAt == Idle ? finished : finished + Math.Max(0, now - startedAt);
    }
}
