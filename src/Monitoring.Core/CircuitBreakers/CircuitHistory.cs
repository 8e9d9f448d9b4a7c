namespace Monitoring.CircuitBreakers;

/// <summary>
/// What one circuit went through: its state, the last transitions, trips and the last error. Thread-safe;
/// <see cref="State"/> is one volatile read, everything else takes a lock that is held for a few instructions.
/// </summary>
/// <param name="timeProvider">Source of the times.</param>
/// <param name="current">Reads the true state.</param>
/// <param name="reason">Why the state changed, from the states before and after and the last error.</param>
internal sealed class CircuitHistory(
    TimeProvider timeProvider,
    Func<CircuitState> current,
    Func<CircuitState, CircuitState, string?, string> reason)
{
    private const int Kept = 32;

    private readonly Lock _lock = new();
    private readonly Queue<CircuitTransition> _transitions = new(Kept);
    private readonly Queue<CircuitTransition> _unlogged = new(Kept);
    private long _since = timeProvider.GetTimestamp();
    private long _trips;
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;

    // Written under the lock only, read everywhere.
    private volatile CircuitState _state;

    public CircuitState State => _state;

    public void NoteError(string error)
    {
        var now = timeProvider.GetUtcNow();
        lock (_lock)
        {
            _lastError = error;
            _lastErrorAt = now;
        }
    }

    /// <summary>
    /// Takes over the true state. It is read under the lock, so that states are taken over in their true order whoever
    /// comes first; and whoever changes it calls this afterwards, so that the last one to come leaves the true one.
    /// </summary>
    public void Observe()
    {
        lock (_lock)
        {
            var (from, to) = (_state, current());
            if (from == to)
            {
                return;
            }

            _state = to;
            _since = timeProvider.GetTimestamp();
            _trips += from == CircuitState.Closed && to == CircuitState.Open ? 1 : 0;
            var transition = new CircuitTransition(timeProvider.GetUtcNow(), from, to, reason(from, to, _lastError));
            AddBounded(_transitions, transition);
            AddBounded(_unlogged, transition);
        }
    }

    /// <summary>The transitions that were not asked for before, oldest first.</summary>
    public CircuitTransition[] TakeUnlogged()
    {
        lock (_lock)
        {
            if (_unlogged.Count == 0)
            {
                return [];
            }

            CircuitTransition[] taken = [.. _unlogged];
            _unlogged.Clear();
            return taken;
        }
    }

    public Snapshot Read()
    {
        lock (_lock)
        {
            return new Snapshot(_state, timeProvider.GetElapsedTime(_since), _trips, _lastError, _lastErrorAt, [.. _transitions.Reverse()]);
        }
    }

    private static void AddBounded(Queue<CircuitTransition> queue, CircuitTransition transition)
    {
        if (queue.Count == Kept)
        {
            queue.Dequeue();
        }

        queue.Enqueue(transition);
    }

    public sealed record Snapshot(
        CircuitState State,
        TimeSpan TimeInState,
        long Trips,
        string? LastError,
        DateTimeOffset? LastErrorAt,
        IReadOnlyList<CircuitTransition> Transitions);
}
