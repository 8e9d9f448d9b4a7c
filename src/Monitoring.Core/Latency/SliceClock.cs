using System.Runtime.ExceptionServices;

namespace Monitoring.Latency;

/// <summary>
/// Closes the time slices of everything registered with it, once a second by a timer of its time provider: slices stay a
/// second long however long a turn of the monitor's loop takes. A reader never has to wait for it, and closes what is due.
/// Seconds are counted from the clock's creation by the provider's timestamps, so setting the wall clock changes nothing.
/// Thread-safe.
/// </summary>
public sealed class SliceClock : IDisposable
{
    /// <summary>Seconds that closed slices are kept for, which is the longest window.</summary>
    internal const long Kept = 3600;

    private static readonly TimeSpan SliceLength = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly long _start;
    private readonly ITimer _timer;

    // Replaced as a whole under the lock, read without it.
    private ISliced[] _sliced = [];
    private int _count;

    /// <summary>Creates the clock and starts its timer.</summary>
    /// <param name="timeProvider">The source of timestamps and of the timer.</param>
    public SliceClock(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        TimeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
        _timer = timeProvider.CreateTimer(static state => ((SliceClock)state!).OnTimer(), this, SliceLength, SliceLength);
    }

    /// <summary>The clock of every time rule behind this slice clock.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>When the clock was created, by the wall clock as it is set now.</summary>
    internal DateTimeOffset StartedAt => TimeProvider.GetUtcNow() - TimeProvider.GetElapsedTime(_start);

    /// <summary>Whole seconds since the clock was created.</summary>
    internal long Second => TimeProvider.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerSecond;

    /// <summary>
    /// Closes every slice whose time is over. The timer does so each second; more calls do no harm. What fails keeps
    /// nothing else from being closed, and the first failure is thrown at the end.
    /// </summary>
    public void Tick()
    {
        var second = Second;
        Exception? failure = null;
        foreach (var sliced in Registered)
        {
            try
            {
                sliced.Close(second);
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Stops the timer. What was recorded can still be read, and is closed by who reads it.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>Has the slices of <paramref name="sliced"/> closed from now on, for the clock's lifetime.</summary>
    internal void Register(ISliced sliced)
    {
        lock (_lock)
        {
            if (_count == _sliced.Length)
            {
                var larger = new ISliced[Math.Max(16, 2 * _count)];
                _sliced.CopyTo(larger, 0);
                Volatile.Write(ref _sliced, larger);
            }

            _sliced[_count] = sliced;
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>Has the slices of <paramref name="sliced"/> closed no more; who holds it may go on to use it.</summary>
    internal void Unregister(ISliced sliced)
    {
        lock (_lock)
        {
            // A new array of the same length, for a reader may go through the old one or hold the old count: what is taken out
            // stands behind the others, where closing it once more does no harm.
            var at = Array.IndexOf(_sliced, sliced, 0, _count);
            if (at >= 0)
            {
                var rest = new ISliced[_sliced.Length];
                Array.Copy(_sliced, rest, at);
                Array.Copy(_sliced, at + 1, rest, at, _count - at - 1);
                rest[_count - 1] = sliced;
                Volatile.Write(ref _sliced, rest);
                Volatile.Write(ref _count, _count - 1);
            }
        }
    }

    /// <summary>The current second, and the second after which a slice must end to belong to the window.</summary>
    internal (long Second, long From) GetWindow(TimeSpan window)
    {
        var elapsed = TimeProvider.GetElapsedTime(_start).Ticks;
        var from = elapsed - Math.Clamp(window.Ticks, 0, Kept * TimeSpan.TicksPerSecond);
        return (elapsed / TimeSpan.TicksPerSecond, (long)Math.Floor((double)from / TimeSpan.TicksPerSecond));
    }

    /// <summary>How much time the slices of a window cover, which is up to a second more, for the oldest counts whole.</summary>
    internal TimeSpan GetCovered(TimeSpan window)
    {
        var (_, from) = GetWindow(window);
        return TimeProvider.GetElapsedTime(_start) - TimeSpan.FromSeconds(from);
    }

    /// <summary>The seconds that a rate over a window is of: those covered, but a clock that is younger has not been quiet before.</summary>
    internal double GetRateSeconds(TimeSpan window) => Math.Min(GetCovered(window).TotalSeconds, Math.Max(Second, 1));

    private ReadOnlySpan<ISliced> Registered
    {
        get
        {
            // The count first: the array read after it holds at least so many.
            var count = Volatile.Read(ref _count);
            return Volatile.Read(ref _sliced).AsSpan(0, count);
        }
    }

    private void OnTimer()
    {
        try
        {
            Tick();
        }
        catch (Exception)
        {
            // A closing that failed loses nothing: the next one does its work, and the monitor's loop, which ticks too,
            // reports what fails again. Thrown from here it would end the process.
        }
    }
}
