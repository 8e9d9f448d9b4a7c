namespace Monitoring.AspNetCore.Live;

/// <summary>
/// Snapshots that clients share: within a tick (a second of the clock) each page and window is taken and written once, however many
/// ask. Holds those of one tick only. Thread-safe; whoever asks first makes it, the others wait without a thread.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="take">Takes a snapshot, as UTF-8 JSON that nobody changes.</param>
internal sealed class LiveSnapshots(TimeProvider time, Func<LiveTurn, byte[]> take)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LiveTurn, Task<byte[]>> _ofTick = [];
    private long _tick = -1;

    /// <summary>Which second of the clock it is.</summary>
    public long Tick => time.GetTimestamp() / time.TimestampFrequency;

    /// <summary>When a tick begins, as a timestamp of the clock.</summary>
    public long StartOf(long tick) => tick * time.TimestampFrequency;

    /// <summary>The snapshot of this tick. What goes wrong is told to all who asked for it.</summary>
    /// <returns>The snapshot, and of which tick it is.</returns>
    public (Task<byte[]> Snapshot, long Tick) Get(LiveTurn turn)
    {
        TaskCompletionSource<byte[]> making;
        long tick;
        lock (_lock)
        {
            tick = Tick;
            if (tick != _tick)
            {
                _ofTick.Clear();
                _tick = tick;
            }

            if (_ofTick.TryGetValue(turn, out var made))
            {
                return (made, tick);
            }

            making = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _ofTick[turn] = making.Task;
        }

        try
        {
            making.SetResult(take(turn));
        }
        catch (Exception exception)
        {
            making.SetException(exception);
        }

        return (making.Task, tick);
    }

    /// <summary>Forgets what is held, when nobody asks any more.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _ofTick.Clear();
        }
    }
}
