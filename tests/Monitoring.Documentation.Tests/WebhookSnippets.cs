using Microsoft.AspNetCore.Http;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;

namespace Monitoring.Documentation.Tests;

/// <summary>The code block of docs/webhooks.md, compiled.</summary>
internal static class WebhookSnippets
{
    public static async Task HandleAsync(IPerformanceMonitor monitor, IBackgroundTaskQueue queue, HttpRequest request, BackgroundTask task, CancellationToken cancellationToken)
    {
        // snippet: timing
        using (WebhookTiming timing = monitor.BeginWebhook("github"))
        {
            using (timing.Measure(WebhookPhase.SignatureValidation))
            {
                await VerifyAsync(request, cancellationToken);
            }

            using (timing.Measure(WebhookPhase.TaskQueuing))
            {
                await queue.EnqueueAsync(task, cancellationToken);
            }

            timing.StatusCode = 202;
        }
        // end
    }

    private static Task VerifyAsync(HttpRequest request, CancellationToken cancellationToken) => Task.FromResult((request, cancellationToken));
}
