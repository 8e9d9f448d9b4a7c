namespace Monitoring.Webhooks;

/// <summary>The response times that webhooks are held to: senders give up soon after the second.</summary>
internal static class WebhookTargets
{
    /// <summary>What a handler should stay within.</summary>
    public static readonly TimeSpan Within500Ms = TimeSpan.FromMilliseconds(500);

    /// <summary>What a handler must stay within.</summary>
    public static readonly TimeSpan Within2S = TimeSpan.FromSeconds(2);
}
