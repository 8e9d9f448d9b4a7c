using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Monitoring.Alerts.Notifiers;

/// <summary>When a notice is sent again: lost connections, timeouts, 408, 429 and 5xx, later and later, or when the receiver says.</summary>
internal static class WebhookRetry
{
    public static ResiliencePipeline<HttpResponseMessage> Build(WebhookNotifierOptions options, TimeProvider timeProvider)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider };
        if (options.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthAnotherAttempt(arguments.Outcome, options, timeProvider)),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result, timeProvider)),
            });
        }

        return builder.AddTimeout(options.Timeout).Build();
    }

    private static bool IsWorthAnotherAttempt(Outcome<HttpResponseMessage> outcome, WebhookNotifierOptions options, TimeProvider timeProvider)
    {
        if (outcome.Result is not { } response)
        {
            return outcome.Exception is HttpRequestException or TimeoutRejectedException;
        }

        var transient = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
        return transient && !(RetryAfter(response, timeProvider) > options.MaxRetryDelay);
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider timeProvider) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > timeProvider.GetUtcNow() ? date - timeProvider.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
