using System.Globalization;
using Polly;
using Polly.CircuitBreaker;
using PollyState = Polly.CircuitBreaker.CircuitState;

namespace Monitoring.CircuitBreakers;

/// <summary>
/// Polly's circuit breaker as this house uses it: fed with outcomes instead of calls, on a steady clock, and without
/// callbacks, so that everything but a half-open attempt ends at once. Thread-safe.
/// </summary>
internal sealed class PollyCircuit
{
    // Reports are synchronous and never nest, so a thread needs one context and no pool. Failures do use the pool: Polly
    // notes in the context that a circuit opened, and only the pool clears that.
    [ThreadStatic]
    private static ResilienceContext? ReportContext;

    private readonly SteadyTimeProvider _time;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly ResiliencePipeline<bool> _pipeline;
    private readonly TimeSpan _breakDuration;

    // Both are written under Polly's lock; the time in ticks of the steady clock.
    private long _openUntil;
    private volatile string? _whyTripped;

    public PollyCircuit(CircuitBreakerOptions options, TimeProvider timeProvider)
    {
        _time = new SteadyTimeProvider(timeProvider);
        _breakDuration = options.BreakDuration;
        _pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = _time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumThroughput,
                SamplingDuration = options.SamplingDuration,
                BreakDuration = options.BreakDuration,
                BreakDurationGenerator = arguments => new ValueTask<TimeSpan>(BeginBreak(arguments)),
                ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Exception is not null || !arguments.Outcome.Result),
                StateProvider = _state,
                ManualControl = _control,
            })
            .Build();
    }

    /// <summary>Its clock, in ticks; follows timestamps, not the wall clock.</summary>
    public long Now => _time.GetUtcNow().UtcTicks;

    /// <summary>When the current or last break ends or ended, on the clock of <see cref="Now"/>.</summary>
    public long OpenUntil => Volatile.Read(ref _openUntil);

    /// <summary>What Polly had counted when it opened last, or null.</summary>
    public string? WhyTripped => _whyTripped;

    /// <summary>Polly's state, which stays open after the break until somebody calls.</summary>
    public CircuitState State => _state.CircuitState switch
    {
        PollyState.Closed => CircuitState.Closed,
        PollyState.HalfOpen => CircuitState.HalfOpen,
        PollyState.Isolated => CircuitState.Isolated,
        _ => CircuitState.Open,
    };

    /// <summary>Counts a success. Allocates nothing per call (Polly 40 B per tenth of the sampling duration).</summary>
    /// <returns>False when Polly refused it, because the circuit has just been opened.</returns>
    public bool FeedSuccess(CircuitHistory history)
    {
        ReportContext ??= ResilienceContextPool.Shared.Get(continueOnCapturedContext: false);

        // A report becomes the half-open probe if its thread stood still for a whole break after it looked. Then the
        // circuit is not closed any more, and the report must not close it.
        return Feed(ReportContext, static (_, history) => new ValueTask<Outcome<bool>>(Outcome.FromResult(history.State == CircuitState.Closed)), history);
    }

    /// <summary>Counts a failure.</summary>
    public void FeedFailure()
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false);
        Feed(context, static (_, _) => new ValueTask<Outcome<bool>>(Outcome.FromResult(false)), 0);
        ResilienceContextPool.Shared.Return(context);
    }

    /// <summary>Lets Polly decide about an attempt, at once, and then wait for its outcome.</summary>
    public async Task RunAsync(CircuitAttempt attempt)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false);
        await _pipeline.ExecuteOutcomeAsync(static (_, attempt) => attempt.StartAsync(), context, attempt).ConfigureAwait(false);
        ResilienceContextPool.Shared.Return(context);
    }

    // Both end at once, for there are no callbacks to wait for.
    public void Isolate() => _ = _control.IsolateAsync();

    public void Close() => _ = _control.CloseAsync();

    public ITimer CreateTimer(TimerCallback callback, object state, TimeSpan dueTime) =>
        _time.CreateTimer(callback, state, dueTime, Timeout.InfiniteTimeSpan);

    // Cheaper than ResiliencePipeline.Execute, and a refusal is an outcome instead of an exception.
    private bool Feed<TState>(ResilienceContext context, Func<ResilienceContext, TState, ValueTask<Outcome<bool>>> outcome, TState state)
    {
        var execution = _pipeline.ExecuteOutcomeAsync(outcome, context, state);

        // It has ended: the outcome is there, and without callbacks Polly waits for nothing.
        return !execution.IsCompletedSuccessfully || execution.Result.Exception is null;
    }

    // Runs whenever the circuit opens; the only moment at which Polly shows what it counted.
    private TimeSpan BeginBreak(BreakDurationGeneratorArguments arguments)
    {
        var calls = arguments.FailureRate > 0 ? Math.Round(arguments.FailureCount / arguments.FailureRate) : arguments.FailureCount;
        _whyTripped = string.Create(CultureInfo.InvariantCulture, $"{arguments.FailureCount} of {calls} calls failed");
        Volatile.Write(ref _openUntil, Now + _breakDuration.Ticks);
        return _breakDuration;
    }
}
