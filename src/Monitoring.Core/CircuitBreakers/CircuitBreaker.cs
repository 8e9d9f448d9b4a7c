using System.Diagnostics.CodeAnalysis;
using Monitoring.Telemetry;

namespace Monitoring.CircuitBreakers;

/// <summary>
/// A Polly circuit breaker with a name. While it is closed the caller runs its command and reports the outcome;
/// otherwise the call itself goes through <see cref="Execute"/> or <see cref="ExecuteAsync"/>, which own rejection
/// and the half-open probe. Thread-safe.
/// </summary>
/// <remarks>
/// Polly's callbacks are not used: they run on another thread while the call that caused them waits, and an exception in
/// one replaces the caller's own. Instead whoever may have changed the circuit looks at it afterwards
/// (<see cref="CircuitHistory.Observe"/>), which makes <see cref="IsClosed"/> one volatile read.
/// </remarks>
public sealed class CircuitBreaker
{
    private const int LongestReason = 200;

    private readonly Func<Exception, bool> _isFailure;
    private readonly InternalErrors _errors;
    private readonly PollyCircuit _polly;
    private readonly CircuitHistory _history;
    private readonly bool _enabled;
    private readonly TimeSpan _probeTimeout;

    // When the running probe must have ended, on Polly's clock.
    private long _probeUntil;
    private volatile string? _byHand;
    private long _rejections;
    private long _probes;
    private long _failedProbes;

    internal CircuitBreaker(string name, CircuitBreakerOptions options, Func<Exception, bool> isFailure, TimeProvider timeProvider, InternalErrors errors, string? dependency = null)
    {
        Name = name;
        Labels = dependency is null ? null : new Dictionary<string, string> { [MetricReading.DependencyLabel] = dependency }.AsReadOnly();
        _isFailure = isFailure;
        _errors = errors;
        _enabled = options.Enabled;
        _probeTimeout = options.ProbeTimeout;
        _polly = new PollyCircuit(options, timeProvider);
        _history = new CircuitHistory(timeProvider, () => _polly.State, Explain);
        Probe = new CircuitProbe(this, _probeTimeout, timeProvider);
    }

    /// <summary>Its name, unique within the monitor.</summary>
    public string Name { get; }

    /// <summary>Labels of the alerts about it; null when there are none.</summary>
    internal IReadOnlyDictionary<string, string>? Labels { get; }

    /// <summary>
    /// What it lets through now. Once a break is over it is half-open, even before the call that will be the probe.
    /// </summary>
    public CircuitState State => Effective(_history.State);

    /// <summary>Whether everything is let through: one volatile read.</summary>
    public bool IsClosed => _history.State == CircuitState.Closed;

    /// <summary>
    /// How long until the next attempt may be let through: what is left of the break, or at most of the running probe.
    /// Zero when that is now, or when nobody can tell (isolated).
    /// </summary>
    public TimeSpan RetryAfter
    {
        get
        {
            var until = _history.State switch
            {
                CircuitState.Open => _polly.OpenUntil,
                CircuitState.HalfOpen => Volatile.Read(ref _probeUntil),
                _ => 0,
            };
            return TimeSpan.FromTicks(Math.Max(0, until - _polly.Now));
        }
    }

    internal CircuitProbe Probe { get; }

    internal CircuitHistory History => _history;

    /// <summary>How many asked for it and are not gone; guarded by the registry's lock.</summary>
    internal int Users { get; set; }

    /// <summary>
    /// A call that was let through while closed ended well. Allocates nothing, never throws. What is reported while the
    /// circuit is not closed is dropped: such a call began before the circuit opened, and only the probe decides.
    /// </summary>
    public void ReportSuccess()
    {
        if (_enabled && IsClosed && !_polly.FeedSuccess(_history))
        {
            // It was opened after this thread looked.
            _history.Observe();
        }
    }

    /// <summary>
    /// A call that was let through while closed failed. Never throws. A cancellation counts neither way unless the
    /// circuit's predicate takes it for a failure; any other exception that it does not take for one is a sign of life.
    /// </summary>
    /// <param name="exception">What the call failed with.</param>
    public void ReportFailure(Exception exception)
    {
        if (!_enabled || !IsClosed || IsHealthy(exception) is not { } healthy)
        {
            return;
        }

        if (healthy)
        {
            ReportSuccess();
            return;
        }

        _history.NoteError(Describe(exception));
        _polly.FeedFailure();
        _history.Observe();
    }

    /// <summary>Runs a call, on this thread, and reports its outcome; meant for while the circuit is not closed.</summary>
    /// <param name="call">The call; its result and its exceptions reach the caller untouched.</param>
    /// <param name="state">What the call needs.</param>
    /// <exception cref="CircuitOpenException">The circuit refused it.</exception>
    public TResult Execute<TState, TResult>(Func<TState, TResult> call, TState state)
    {
        ArgumentNullException.ThrowIfNull(call);
        return TryExecute(call, state, out var result) ? result : throw Refusal();
    }

    /// <summary>
    /// Runs a call and reports its outcome; meant for while the circuit is not closed. A refusal is a task faulted with
    /// <see cref="CircuitOpenException"/>.
    /// </summary>
    /// <param name="call">The call; its result and its exceptions reach the caller untouched.</param>
    /// <param name="state">What the call needs.</param>
    public Task<TResult> ExecuteAsync<TState, TResult>(Func<TState, Task<TResult>> call, TState state)
    {
        ArgumentNullException.ThrowIfNull(call);
        return TryEnter(out var attempt) ? RunAsync(attempt, call, state) : Task.FromException<TResult>(Refusal());
    }

    /// <summary>Opens the circuit by hand; it rejects every call until <see cref="Close"/>.</summary>
    /// <param name="reason">Who and why, for the history; at most 200 characters are kept.</param>
    public void Isolate(string? reason = null) => ByHand("isolated by hand", reason, static polly => polly.Isolate());

    /// <summary>Closes the circuit by hand, whatever state it is in, and forgets the failures so far.</summary>
    /// <param name="reason">Who and why, for the history; at most 200 characters are kept.</param>
    public void Close(string? reason = null) => ByHand("closed by hand", reason, static polly => polly.Close());

    /// <summary>State and history.</summary>
    public CircuitBreakerSummary GetSummary()
    {
        var history = _history.Read();
        var state = Effective(history.State);
        var sinceBreak = TimeSpan.FromTicks(Math.Max(0, _polly.Now - _polly.OpenUntil));
        return new CircuitBreakerSummary
        {
            Name = Name,
            State = state,
            TimeInState = state == history.State ? history.TimeInState : sinceBreak,
            RetryAfter = RetryAfter,
            Trips = history.Trips,
            Rejections = Volatile.Read(ref _rejections),
            Probes = Volatile.Read(ref _probes),
            FailedProbes = Volatile.Read(ref _failedProbes),
            LastError = history.LastError,
            LastErrorAt = history.LastErrorAt,
            LastTransitions = history.Transitions,
        };
    }

    /// <summary>As <see cref="Execute"/>, for callers who throw an exception of their own when the circuit refuses.</summary>
    /// <returns>False when the circuit refuses; see <see cref="State"/> and <see cref="RetryAfter"/>.</returns>
    internal bool TryExecute<TState, TResult>(Func<TState, TResult> call, TState state, [MaybeNullWhen(false)] out TResult result)
    {
        if (!TryEnter(out var attempt))
        {
            result = default;
            return false;
        }

        try
        {
            result = call(state);
        }
        catch (Exception exception)
        {
            Complete(attempt, exception);
            throw;
        }

        Complete(attempt, exception: null);
        return true;
    }

    /// <summary>
    /// Asks to make a call: without exceptions, for callers who throw one of their own. While closed there is no attempt
    /// to complete: report the outcome instead.
    /// </summary>
    /// <returns>False when the circuit refuses; see <see cref="State"/> and <see cref="RetryAfter"/>.</returns>
    internal bool TryEnter(out CircuitAttempt? attempt)
    {
        attempt = null;
        if (IsClosed)
        {
            return true;
        }

        attempt = TryBeginAttempt();
        if (attempt is null)
        {
            Interlocked.Increment(ref _rejections);
        }

        return attempt is not null;
    }

    /// <summary>Lets Polly decide about an attempt; null when it refuses.</summary>
    internal CircuitAttempt? TryBeginAttempt()
    {
        var attempt = new CircuitAttempt(this);
        _ = RunAsync(attempt);
        return attempt.IsAdmitted ? attempt : null;
    }

    /// <summary>Polly let an attempt through.</summary>
    /// <returns>The timer that ends the attempt when it takes too long.</returns>
    internal ITimer BeginProbe(CircuitAttempt attempt)
    {
        Interlocked.Increment(ref _probes);
        Volatile.Write(ref _probeUntil, _polly.Now + _probeTimeout.Ticks);
        _history.Observe();
        return _polly.CreateTimer(static state => ((CircuitAttempt)state!).TimeOut(), attempt, _probeTimeout);
    }

    internal void NoteFailedProbe(string failure)
    {
        Interlocked.Increment(ref _failedProbes);
        _history.NoteError(failure);
    }

    /// <summary>
    /// Whether a call that ended so speaks for the health of what the circuit protects; null when it tells nothing.
    /// </summary>
    internal bool? IsHealthy(Exception exception)
    {
        try
        {
            return _isFailure(exception) ? false : exception is OperationCanceledException ? null : true;
        }
        catch (Exception own)
        {
            // Inside Polly this would leave a half-open circuit stuck. What nobody could judge was a failure all the same.
            _errors.Report("judging a failure for a circuit", own);
            return false;
        }
    }

    /// <summary>Types only: messages of Redis clients contain keys.</summary>
    internal static string Describe(Exception exception) => exception.InnerException is { } inner
        ? $"{exception.GetType().Name} ({inner.GetType().Name})"
        : exception.GetType().Name;

    private void Complete(CircuitAttempt? attempt, Exception? exception)
    {
        switch (attempt, exception)
        {
            case (null, null):
                ReportSuccess();
                break;
            case (null, not null):
                ReportFailure(exception);
                break;
            case (not null, null):
                attempt.Succeeded();
                break;
            default:
                attempt.Failed(exception);
                break;
        }
    }

    private async Task<TResult> RunAsync<TState, TResult>(CircuitAttempt? attempt, Func<TState, Task<TResult>> call, TState state)
    {
        TResult result;
        try
        {
            result = await call(state).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Complete(attempt, exception);
            throw;
        }

        Complete(attempt, exception: null);
        return result;
    }

    // Polly has taken the outcome in by the time the attempt is completed.
    private async Task RunAsync(CircuitAttempt attempt)
    {
        await _polly.RunAsync(attempt).ConfigureAwait(false);
        _history.Observe();
    }

    private void ByHand(string what, string? reason, Action<PollyCircuit> act)
    {
        _byHand = reason is null ? what : $"{what}: {reason[..Math.Min(reason.Length, LongestReason)]}";
        act(_polly);
        _history.Observe();
        _byHand = null;
    }

    private CircuitOpenException Refusal() => new(Name, State, RetryAfter);

    private CircuitState Effective(CircuitState state) =>
        state == CircuitState.Open && _polly.Now >= _polly.OpenUntil ? CircuitState.HalfOpen : state;

    private string Explain(CircuitState from, CircuitState to, string? lastError) => (from, to) switch
    {
        (_, CircuitState.Isolated) => _byHand ?? "isolated by hand",
        (CircuitState.HalfOpen, CircuitState.Closed) => _byHand ?? "the probe succeeded",
        (_, CircuitState.Closed) => _byHand ?? "closed by hand",
        (CircuitState.HalfOpen, _) => $"the probe failed: {lastError}",
        (_, CircuitState.HalfOpen) => "the break is over",
        _ => $"{_polly.WhyTripped}, the last with {lastError}",
    };
}
