using System.Diagnostics;

namespace Monitoring.SystemResources;

/// <summary>
/// How long the thread pool keeps a piece of work waiting. One piece at a time: <see cref="Ask"/> is called by the sampler
/// alone, and a thread of the pool writes the delay before it lets go of <c>_waiting</c>.
/// </summary>
internal sealed class PoolDelay : IThreadPoolWorkItem
{
    private long _queuedAt;
    private long _delay;
    private int _waiting;

    /// <summary>The delay of the piece that was queued before, or its age if it still waits; queues another.</summary>
    public TimeSpan Ask()
    {
        if (Volatile.Read(ref _waiting) == 1)
        {
            return Stopwatch.GetElapsedTime(_queuedAt);
        }

        var delay = TimeSpan.FromTicks(_delay);
        _queuedAt = Stopwatch.GetTimestamp();
        Volatile.Write(ref _waiting, 1);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return delay;
    }

    void IThreadPoolWorkItem.Execute()
    {
        _delay = Stopwatch.GetElapsedTime(_queuedAt).Ticks;
        Volatile.Write(ref _waiting, 0);
    }
}
