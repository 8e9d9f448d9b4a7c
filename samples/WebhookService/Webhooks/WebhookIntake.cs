using Monitoring.TaskQueues;
using Monitoring.Webhooks;
using WebhookService.Events;

namespace WebhookService.Webhooks;

/// <summary>
/// What every verified webhook goes through: seen before? how is it treated? into the queue with it. Only what the queue
/// has taken is answered with 202; everything else is the sender's to deliver again.
/// </summary>
internal sealed class WebhookIntake(EventStore store, RepositorySettingsCache repositories, IBackgroundTaskQueue queue)
{
    public async Task<IResult> AcceptAsync(WebhookEvent webhook, WebhookTiming timing, HttpResponse response)
    {
        try
        {
            using (timing.Measure(WebhookPhase.RedisOperation))
            {
                if (await store.WasProcessedAsync(webhook))
                {
                    return Results.Ok(new Receipt("duplicate"));
                }
            }

            RepositorySettings repository;
            using (timing.Measure(WebhookPhase.CacheLookup))
            {
                repository = await repositories.GetAsync(webhook.Subject);
            }

            using (timing.Measure(WebhookPhase.TaskQueuing))
            {
                return queue.TryEnqueue(BackgroundTask.ForMessage(webhook, repository.Priority))
                    ? Results.Accepted(value: new Receipt("accepted"))
                    : Refusals.Busy(response, "The queue is full.");
            }
        }
        catch (Exception exception) when (Refusals.IsStoreAway(exception))
        {
            return Refusals.Busy(response, "Redis or the database does not answer.");
        }
    }

    private sealed record Receipt(string Status);
}
