using Monitoring.TaskQueues;

namespace WebhookService.Events;

/// <summary>The work behind a webhook. When Redis fails it throws, and the processor tries again later.</summary>
internal sealed class WebhookEventHandler(EventStore store) : ITaskHandler<WebhookEvent>
{
    public async ValueTask HandleAsync(WebhookEvent message, TaskContext context, CancellationToken cancellationToken) =>
        await store.ProcessAsync(message);
}
