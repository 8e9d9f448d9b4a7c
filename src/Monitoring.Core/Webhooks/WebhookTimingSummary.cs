namespace Monitoring.Webhooks;

/// <summary>Response times of webhooks over one window.</summary>
public sealed class WebhookTimingSummary
{
    /// <summary>Number of webhooks.</summary>
    public long Count { get; init; }
}
