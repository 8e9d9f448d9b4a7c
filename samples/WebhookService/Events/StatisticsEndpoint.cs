using WebhookService.Webhooks;

namespace WebhookService.Events;

/// <summary><c>GET /stats</c></summary>
internal static class StatisticsEndpoint
{
    public static async Task<IResult> HandleAsync(EventStore store, HttpResponse response)
    {
        try
        {
            return Results.Ok(await store.GetStatisticsAsync());
        }
        catch (Exception exception) when (Refusals.IsStoreAway(exception))
        {
            return Refusals.Busy(response, "Redis does not answer.");
        }
    }
}
