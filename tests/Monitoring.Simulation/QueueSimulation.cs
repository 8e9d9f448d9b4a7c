using Monitoring.Backpressure;
using Monitoring.Latency;
using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Recording;

namespace Monitoring.Simulation;

/// <summary>
/// One queue with several workers, simulated from event to event and watched by the real <see cref="QueueMonitor"/>, which
/// is ticked once a second as the monitor's loop would. Arrivals are Poisson, or switch between two rates; processing times
/// are exponential. For one thread.
/// </summary>
internal sealed class QueueSimulation
{
    private static readonly long Second = TimeSpan.TicksPerSecond;

    private readonly Chance _chance;
    private readonly SimulatedTime _time = new();
    private readonly SliceClock _clock;
    private readonly QueueMonitor _monitor;
    private readonly SimulatedQueue _queue;
    private readonly WorkerActivity[] _activities;
    private readonly Stack<int> _free = new();
    private readonly PriorityQueue<int, long> _ends = new();
    private readonly long[] _startedAt;
    private readonly TaskPriority[] _running;
    private readonly BackgroundTask[] _tasks = Array.ConvertAll(
        Enum.GetValues<TaskPriority>(), static priority => BackgroundTask.Create(static _ => ValueTask.CompletedTask, priority, "simulated"));

    private WatchedQueue? _watched;
    private long _nextArrival = long.MaxValue;
    private long _nextTick = Second;
    private long _nextSwitch = long.MaxValue;
    private double _rate;
    private (double Rate, double Seconds, double OtherRate, double OtherSeconds) _phases;
    private int _workers;

    public QueueSimulation(ulong seed, int workers, double meanProcessingSeconds, int capacity, BackpressureOptions? options = null)
    {
        _chance = new Chance(seed);
        MeanProcessingSeconds = meanProcessingSeconds;
        Capacity = capacity;
        _clock = new SliceClock(_time);
        var thresholds = options ?? new BackpressureOptions();
        _monitor = new QueueMonitor("simulated", _clock, () => thresholds, errors: null);
        _queue = new SimulatedQueue(_time);
        _activities = [.. Enumerable.Range(0, workers).Select(_ => _monitor.RentGuest())];
        _startedAt = new long[workers];
        _running = new TaskPriority[workers];
        for (var worker = workers - 1; worker >= 0; worker--)
        {
            _free.Push(worker);
        }

        SetWorkers(workers);
    }

    public int Capacity { get; }

    /// <summary>Mean of the exponential processing time of tasks that start from now on.</summary>
    public double MeanProcessingSeconds { get; set; }

    /// <summary>Shares of high and of low priority; the others are normal.</summary>
    public (double High, double Low) Mix { get; init; }

    public int Depth => _queue.Count;

    /// <summary>Sum of the waits of the tasks that were started, in seconds, and how many these are.</summary>
    public (double Seconds, long Count) Waits { get; private set; }

    public TimeSpan Now => TimeSpan.FromTicks(_time.Now);

    /// <summary>Poisson arrivals from now on.</summary>
    public void SetArrivals(double perSecond)
    {
        _nextSwitch = long.MaxValue;
        SetRate(perSecond);
    }

    /// <summary>A Markov-modulated Poisson process of two phases whose lengths are exponential (MMPP-2).</summary>
    public void SetArrivals(double perSecond, double meanSeconds, double otherPerSecond, double otherMeanSeconds)
    {
        _phases = (otherPerSecond, otherMeanSeconds, perSecond, meanSeconds);
        SwitchPhase();
    }

    /// <summary>How many workers there are from now on; those that are too many finish what they are at.</summary>
    public void SetWorkers(int workers)
    {
        _workers = workers;
        if (_watched is { } before)
        {
            _monitor.Watched.Unwatch(before);
        }

        _watched = new WatchedQueue(_queue, Capacity, workers, "simulated");
        _monitor.Watched.Watch(_watched);
        StartWaiting();
    }

    /// <summary>All workers stay at what they do, for good; idle ones take one more task each.</summary>
    public void Hang()
    {
        MeanProcessingSeconds = double.PositiveInfinity;
        _ends.Clear();
    }

    /// <summary>The workers that hang end their tasks now and go on.</summary>
    public void Recover(double meanProcessingSeconds)
    {
        MeanProcessingSeconds = meanProcessingSeconds;
        for (var worker = 0; worker < _activities.Length; worker++)
        {
            if (_startedAt[worker] != 0)
            {
                _ends.Enqueue(worker, _time.Now);
            }
        }
    }

    /// <summary>That many tasks at once.</summary>
    public void AddBatch(int tasks)
    {
        for (var i = 0; i < tasks; i++)
        {
            Arrive();
        }
    }

    /// <summary>Goes on for some time and shows the status after every second.</summary>
    /// <param name="duration">How long; whole seconds.</param>
    /// <param name="onSecond">Gets the status; false ends the run early.</param>
    public void Run(TimeSpan duration, Func<BackpressureStatus, bool> onSecond)
    {
        var until = _time.Now + duration.Ticks;
        while (true)
        {
            var nextEnd = _ends.TryPeek(out _, out var end) ? end : long.MaxValue;
            var next = Math.Min(Math.Min(_nextArrival, nextEnd), Math.Min(_nextTick, _nextSwitch));
            if (next > until)
            {
                _time.Now = until;
                return;
            }

            _time.Now = next;
            if (next == nextEnd)
            {
                End(_ends.Dequeue());
            }
            else if (next == _nextArrival)
            {
                _nextArrival = After(_chance.Exponential(1 / _rate));
                Arrive();
            }
            else if (next == _nextSwitch)
            {
                SwitchPhase();
            }
            else
            {
                _nextTick += Second;
                _clock.Tick();
                _monitor.Tick();
                if (!onSecond(_monitor.Backpressure))
                {
                    return;
                }
            }
        }
    }

    private void SetRate(double perSecond)
    {
        _rate = perSecond;

        // Nothing is lost by drawing anew: what is left of an exponential time is as long as all of it.
        _nextArrival = perSecond > 0 ? After(_chance.Exponential(1 / perSecond)) : long.MaxValue;
    }

    private void SwitchPhase()
    {
        _phases = (_phases.OtherRate, _phases.OtherSeconds, _phases.Rate, _phases.Seconds);
        _nextSwitch = After(_chance.Exponential(_phases.Seconds));
        SetRate(_phases.Rate);
    }

    private void Arrive()
    {
        var priority = NextPriority();
        if (_queue.Count >= Capacity)
        {
            _monitor.OnRejected(priority);
            return;
        }

        _monitor.OnEnqueued(priority, EnqueueOutcome.Accepted);
        _queue.Add(priority, _time.Now);
        StartWaiting();
    }

    private TaskPriority NextPriority()
    {
        if (Mix == default)
        {
            return TaskPriority.Normal;
        }

        var drawn = _chance.Uniform();
        return drawn < Mix.High ? TaskPriority.High : drawn < Mix.High + Mix.Low ? TaskPriority.Low : TaskPriority.Normal;
    }

    private void StartWaiting()
    {
        while (_queue.Count > 0 && _free.Count > _activities.Length - _workers)
        {
            var worker = _free.Pop();
            var (priority, enqueuedAt) = _queue.Take();
            _tasks[(int)priority].EnqueuedTimestamp = Math.Max(1, enqueuedAt);
            _monitor.OnDequeued(_tasks[(int)priority], Math.Max(1, _time.Now));
            _running[worker] = priority;
            Waits = (Waits.Seconds + (double)(_time.Now - enqueuedAt) / Second, Waits.Count + 1);
            _startedAt[worker] = Math.Max(1, _time.Now);
            _activities[worker].Start(_startedAt[worker]);
            if (double.IsFinite(MeanProcessingSeconds))
            {
                _ends.Enqueue(worker, After(_chance.Exponential(MeanProcessingSeconds)));
            }
        }
    }

    private void End(int worker)
    {
        _activities[worker].Stop(_time.Now);
        _monitor.OnCompleted(_tasks[(int)_running[worker]], TimeSpan.FromTicks(_time.Now - _startedAt[worker]));
        _startedAt[worker] = 0;
        _free.Push(worker);
        StartWaiting();
    }

    private long After(double seconds) => _time.Now + Math.Max(1, (long)(seconds * Second));
}
