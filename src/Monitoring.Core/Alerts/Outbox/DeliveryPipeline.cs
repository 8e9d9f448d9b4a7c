using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Monitoring.Alerts.Outbox;

/// <summary>
/// Attempts to deliver one notice, until the receiver takes it, refuses it for good or the time is up: exponential back-off
/// with jitter around a circuit breaker around a timeout, all of them Polly's.
/// </summary>
internal sealed class DeliveryPipeline
{
    // Enough to be no accident, few enough that a receiver which is down is soon left alone.
    private const int FailuresThatOpen = 3;
    private const double ShareThatOpens = 0.5;

    private readonly AlertChannelOptions _options;
    private readonly ChannelClock _clock;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<string?> _pipeline;

    // One notice is under way at a time.
    private TimeSpan _startedAt;
    private TimeSpan? _retryAfter;

    /// <summary>Prepares the pipeline.</summary>
    /// <param name="options">Pace and patience.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="waiting">Called before a delay, with its length.</param>
    public DeliveryPipeline(AlertChannelOptions options, ChannelClock clock, Action<TimeSpan> waiting)
    {
        _options = options;
        _clock = clock;
        _pipeline = new ResiliencePipelineBuilder<string?> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<string?>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                ShouldHandle = arguments => new ValueTask<bool>(MayRepeat(arguments.Outcome.Exception, arguments.Context.CancellationToken)),
                DelayGenerator = arguments => new ValueTask<TimeSpan?>(DelayAfter(arguments.Outcome.Exception)),
                OnRetry = arguments =>
                {
                    waiting(arguments.RetryDelay);
                    return default;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<string?>
            {
                FailureRatio = ShareThatOpens,
                MinimumThroughput = FailuresThatOpen,
                SamplingDuration = SamplingDuration(options),
                BreakDuration = options.MaxRetryDelay < TimeSpan.FromMilliseconds(500) ? TimeSpan.FromMilliseconds(500) : options.MaxRetryDelay,
                ShouldHandle = static arguments => new ValueTask<bool>(IsIllness(arguments.Outcome.Exception)),
                StateProvider = _circuit,
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.Timeout })
            .Build();
    }

    /// <summary>Whether the receiver is left alone because it failed several times in a row.</summary>
    public bool IsCircuitOpen => _circuit.CircuitState != CircuitState.Closed;

    /// <summary>Delivers a notice. Does not throw, whatever the attempts throw.</summary>
    public async Task<NoticeResult> DeliverAsync(Func<CancellationToken, ValueTask<string?>> attempt, CancellationToken stopping)
    {
        _startedAt = _clock.Now;
        _retryAfter = null;
        try
        {
            var receipt = await _pipeline.ExecuteAsync(static (attempt, token) => attempt(token), attempt, stopping).ConfigureAwait(false);
            return new NoticeResult(NoticeOutcome.Delivered, receipt);
        }
        catch (Exception exception)
        {
            var outcome = exception switch
            {
                AlertDeliveryException { IsGone: true } => NoticeOutcome.Gone,
                AlertDeliveryException { IsPermanent: true } => NoticeOutcome.Refused,
                _ when stopping.IsCancellationRequested => NoticeOutcome.Stopped,
                _ => NoticeOutcome.GaveUp,
            };
            return new NoticeResult(outcome, RetryAfter: _retryAfter);
        }
    }

    private bool MayRepeat(Exception? exception, CancellationToken stopping)
    {
        _retryAfter = (exception as AlertDeliveryException)?.RetryAfter;
        return exception is not (null or AlertDeliveryException { IsGone: true } or AlertDeliveryException { IsPermanent: true })
            && !stopping.IsCancellationRequested
            && _clock.Now - _startedAt < _options.GiveUpAfter;
    }

    // What the receiver asks for counts, however long; null leaves it to the back-off.
    private TimeSpan? DelayAfter(Exception? exception) => exception switch
    {
        AlertDeliveryException { RetryAfter: { } asked } => asked > _options.RetryDelay ? asked : _options.RetryDelay,
        BrokenCircuitException { RetryAfter: { } left } => left > TimeSpan.Zero ? left : _options.RetryDelay,
        _ => null,
    };

    // A receiver that answers is well, whatever it answers.
    private static bool IsIllness(Exception? exception) =>
        exception is not (null or AlertDeliveryException { IsGone: true } or AlertDeliveryException { IsPermanent: true } or AlertDeliveryException { RetryAfter: not null });

    // Long enough for the first failures of a receiver that hangs, so that older successes do not hide them.
    private static TimeSpan SamplingDuration(AlertChannelOptions options)
    {
        var failures = (options.Timeout + (4 * options.RetryDelay)) * (FailuresThatOpen + 1);
        return failures > TimeSpan.FromMinutes(1) ? failures : TimeSpan.FromMinutes(1);
    }
}
