namespace Monitoring;

/// <summary>One of the four places that are watched, in short. Immutable.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Status">How it fares: as bad as the worst active alert of its categories.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Since">Since when it has not been healthy; null when it is.</param>
/// <param name="Metric">The metric of the history that its chart shows.</param>
/// <param name="Unit">Unit of that metric.</param>
/// <param name="Target">Where it should stay below; null when nothing says so.</param>
/// <param name="Critical">Where it gets critical; null when nothing says so.</param>
public sealed record Lane(LaneName Name, MonitoringStatus Status, string Reason, DateTimeOffset? Since, string Metric, string Unit, double? Target, double? Critical);

/// <summary>The places that are watched.</summary>
public enum LaneName
{
    /// <summary>Webhook handlers.</summary>
    Webhooks,

    /// <summary>Redis and its circuits.</summary>
    Redis,

    /// <summary>Background queues.</summary>
    Queue,

    /// <summary>The process and its machine.</summary>
    System,
}
