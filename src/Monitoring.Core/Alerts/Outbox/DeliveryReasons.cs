namespace Monitoring.Alerts.Outbox;

/// <summary>Why a channel was not told of an alert, as the status of channels counts it.</summary>
internal static class DeliveryReasons
{
    // Suppressed.
    public const string Severity = "severity";
    public const string Category = "category";
    public const string NotEscalated = "not-escalated";

    // Failed.
    public const string GaveUp = "gave-up";
    public const string Refused = "refused";
    public const string Gone = "gone";

    // Pending: one of those that the next digest counts.
    public const string Digest = "digest";

    public static string Of(AlertSuppressionReason reason) => reason switch
    {
        AlertSuppressionReason.Silence => "silence",
        AlertSuppressionReason.Maintenance => "maintenance",
        _ => "inhibition",
    };
}
