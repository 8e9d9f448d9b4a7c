using Polly;

namespace Monitoring.CircuitBreakers;

/// <summary>
/// One call that a circuit which is not closed let through: the half-open probe. Whoever made the call completes the
/// attempt once; it completes itself as failed when <see cref="CircuitBreakerOptions.ProbeTimeout"/> is over, for a probe
/// that never ends would hold the circuit half-open for ever. The first completion counts. Thread-safe; never throws.
/// </summary>
/// <remarks>
/// Polly waits for this attempt, not for the call: the call runs on its caller's thread and its outcome reaches its
/// caller untouched, however long it takes.
/// </remarks>
internal sealed class CircuitAttempt
{
    private readonly CircuitBreaker _breaker;

    // Polly waits for it, and goes on inline.
    private readonly TaskCompletionSource<Outcome<bool>> _healthy = new();
    private ITimer? _timer;
    private int _completed;

    internal CircuitAttempt(CircuitBreaker breaker) => _breaker = breaker;

    /// <summary>Whether Polly let it through.</summary>
    internal bool IsAdmitted { get; private set; }

    /// <summary>The call ended well.</summary>
    public void Succeeded() => Complete(failure: null);

    /// <summary>The call failed; the circuit's predicate says whether that speaks against what it protects.</summary>
    public void Failed(Exception exception) => Complete(_breaker.IsHealthy(exception) switch
    {
        true => null,
        false => CircuitBreaker.Describe(exception),

        // Giving up says nothing about health; closing on it would let everything through to what may still be down.
        null => "given up by its caller",
    });

    /// <summary>Called by Polly when it lets the call through, before <see cref="CircuitBreaker.TryEnter"/> returns.</summary>
    internal ValueTask<Outcome<bool>> StartAsync()
    {
        IsAdmitted = true;
        _timer = _breaker.BeginProbe(this);
        return new ValueTask<Outcome<bool>>(_healthy.Task);
    }

    internal void TimeOut() => Complete("no answer in time");

    private void Complete(string? failure)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 1)
        {
            return;
        }

        if (failure is not null)
        {
            _breaker.NoteFailedProbe(failure);
        }

        _timer?.Dispose();
        SetResultInline(Outcome.FromResult(failure is null));
    }

    // Continuations go to the pool while the thread has a synchronisation context. Without one the circuit has its new
    // state when this returns, so a caller that made a successful probe is not turned away by its very next call.
    private void SetResultInline(Outcome<bool> healthy)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            _healthy.SetResult(healthy);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
