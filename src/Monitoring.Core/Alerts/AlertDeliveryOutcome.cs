namespace Monitoring.Alerts;

/// <summary>What can become of the news that an alert fired. All but the first are final, but for this: an alert that still fires after a failure is tried again, and what comes of that replaces the failure.</summary>
public enum AlertDeliveryOutcome
{
    /// <summary>The channel is yet to be told, or a suppression may yet end while the alert fires.</summary>
    Pending,

    /// <summary>The channel was told.</summary>
    Delivered,

    /// <summary>The channel was not to be told.</summary>
    Suppressed,

    /// <summary>The channel could not be told.</summary>
    Failed,
}
