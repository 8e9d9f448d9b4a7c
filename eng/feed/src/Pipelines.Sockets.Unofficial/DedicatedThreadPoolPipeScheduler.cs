using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// A few threads of our own, so that the network does not wait for a thread pool that blocked callers have used up.
/// When its queue is long, it passes work on to the thread pool.
/// </summary>
/// <remarks>
/// The worker that went idle last is woken first: its stack and cache are warm. A worker that runs out of work spins
/// for about 100 µs before it sleeps, since the next flush is usually about to come and waking a thread costs more
/// than the flush. Only one spins at a time. Threads are started when they are first needed.
/// </remarks>
public sealed class DedicatedThreadPoolPipeScheduler : PipeScheduler, IDisposable
{
    // Found by trial: shorter, and the worker falls asleep between two flushes of a busy client; longer or without
    // yielding, and it takes the processor from a server on the same machine.
    private const int PausesPerSpin = 20;
    private const int SpinsPerYield = 8;
    private static readonly int SpinsBeforeSleep = Environment.ProcessorCount > 1 ? 200 : 0;

    private readonly string _name;
    private readonly int _queueLimit;
    private readonly ThreadPriority _priority;

    // Guards everything below. No callback runs and nobody is woken under it.
    private readonly Lock _gate = new();
    private readonly Queue<WorkItem> _queue = new();
    private readonly Stack<Worker> _idle = new();
    private Worker? _spinner;
    private int _started;
    private int _busy;
    private bool _disposed;
    private long _servicedByQueue;

    // Written under the gate, read by the spinner without it.
    private int _depth;

    private long _servicedByPool;

    /// <summary>Creates a scheduler; no thread is started yet.</summary>
    /// <param name="name">The threads' name.</param>
    /// <param name="workerCount">The most threads, at least 1.</param>
    /// <param name="useThreadPoolQueueLength">How long the queue may grow before the thread pool helps.</param>
    /// <param name="priority">The threads' priority.</param>
    public DedicatedThreadPoolPipeScheduler(
        string? name = null,
        int workerCount = 5,
        int useThreadPoolQueueLength = 10,
        ThreadPriority priority = ThreadPriority.Normal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workerCount, 1);
        _name = string.IsNullOrWhiteSpace(name) ? nameof(DedicatedThreadPoolPipeScheduler) : name.Trim();
        WorkerCount = workerCount;
        _queueLimit = Math.Max(0, useThreadPoolQueueLength);
        _priority = priority;
    }

    /// <summary>The most threads there will be.</summary>
    public int WorkerCount { get; }

    /// <summary>How many threads could take work now, those not yet started included.</summary>
    public int AvailableCount => WorkerCount - Volatile.Read(ref _busy);

    /// <summary>Work done on threads of this scheduler.</summary>
    public long TotalServicedByQueue => Volatile.Read(ref _servicedByQueue);

    /// <summary>Work passed on to the thread pool.</summary>
    public long TotalServicedByPool => Volatile.Read(ref _servicedByPool);

    /// <inheritdoc/>
    public override void Schedule(Action<object?> action, object? state)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (!TryEnqueue(new WorkItem(action, state), out var woken, out var start))
        {
            Interlocked.Increment(ref _servicedByPool);
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(action, state, preferLocal: false);
        }
        else if (woken is not null)
        {
            woken.Wake();
        }
        else if (start > 0)
        {
            Start(start);
        }
    }

    /// <summary>Lets the threads finish what is queued and end. Work that comes later goes to the thread pool.</summary>
    public void Dispose()
    {
        Worker[] sleepers;
        lock (_gate)
        {
            _disposed = true;
            sleepers = [.. _idle];
            _idle.Clear();
        }

        foreach (var sleeper in sleepers)
            sleeper.Wake();
    }

    private bool TryEnqueue(in WorkItem item, out Worker? woken, out int start)
    {
        woken = null;
        start = 0;
        lock (_gate)
        {
            if (_disposed || _queue.Count > _queueLimit)
                return false;
            _queue.Enqueue(item);
            Volatile.Write(ref _depth, _queue.Count);

            // A spinner finds one item by itself. Any further one needs a thread of its own: the spinner may be
            // busy with the first for long.
            if ((_spinner is null || _queue.Count > 1) && !_idle.TryPop(out woken) && _started < WorkerCount)
                start = ++_started;
            return true;
        }
    }

    private void Start(int number)
    {
        var thread = new Thread(static state => ((DedicatedThreadPoolPipeScheduler)state!).Work())
        {
            IsBackground = true,
            Name = $"{_name}:{number}",
            Priority = _priority,
        };
        thread.UnsafeStart(this);
    }

    private void Work()
    {
        var me = new Worker();
        if (!TryTake(me, wasBusy: false, out var item))
            return;
        do
            item.Action(item.State);
        while (TryTake(me, wasBusy: true, out item));
    }

    // Waits for work; false when the scheduler is disposed and nothing is left.
    private bool TryTake(Worker me, bool wasBusy, out WorkItem item)
    {
        var maySpin = SpinsBeforeSleep > 0;
        while (true)
        {
            bool spin;
            lock (_gate)
            {
                if (wasBusy)
                    _busy--;
                wasBusy = false;
                if (ReferenceEquals(_spinner, me))
                    _spinner = null;
                if (_queue.TryDequeue(out item))
                {
                    Volatile.Write(ref _depth, _queue.Count);
                    _busy++;
                    _servicedByQueue++;
                    return true;
                }

                if (_disposed)
                    return false;

                // To sleep only under the same lock that saw the queue empty, or an item could slip in between.
                spin = maySpin && _spinner is null;
                if (spin)
                    _spinner = me;
                else
                    _idle.Push(me);
            }

            if (spin)
                Spin();
            else
                me.Sleep();
            maySpin = !spin && SpinsBeforeSleep > 0;
        }
    }

    private void Spin()
    {
        for (var i = 1; i <= SpinsBeforeSleep && Volatile.Read(ref _depth) == 0; i++)
        {
            // On a busy machine it may be the server on the same machine that waits for this processor.
            if (i % SpinsPerYield == 0)
                Thread.Yield();
            else
                Thread.SpinWait(PausesPerSpin);
        }
    }

    private readonly record struct WorkItem(Action<object?> Action, object? State);

    private sealed class Worker
    {
        private bool _woken;

        public void Wake()
        {
            lock (this)
            {
                _woken = true;
                Monitor.Pulse(this);
            }
        }

        // The flag outlives a wake that comes before the sleep.
        public void Sleep()
        {
            lock (this)
            {
                while (!_woken)
                    Monitor.Wait(this);
                _woken = false;
            }
        }
    }
}
