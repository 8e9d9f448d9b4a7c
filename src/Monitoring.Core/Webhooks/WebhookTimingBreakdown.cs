namespace Monitoring.Webhooks;

/// <summary>Where the time of one webhook went.</summary>
public sealed class WebhookTimingBreakdown
{
    /// <summary>The endpoint that handled it, such as <c>github</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Time from the first byte to the response.</summary>
    public TimeSpan Total { get; init; }
}
