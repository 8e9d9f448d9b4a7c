using Monitoring.Alerts;

namespace Monitoring;

/// <summary>Something that changed in the service or was changed by somebody. Immutable.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What sort of change.</param>
/// <param name="Severity">How bad it is, where that can be said; null for what is neither bad nor good, and for what is well again.</param>
/// <param name="Subject">What it happened to, such as the name of a circuit.</param>
/// <param name="Text">What happened, in a sentence.</param>
/// <param name="AlertKey">The alert that it belongs to, if any.</param>
public sealed record RecentChange(DateTimeOffset At, RecentChangeKind Kind, AlertSeverity? Severity, string Subject, string Text, string? AlertKey = null);

/// <summary>What sort of change a <see cref="RecentChange"/> is.</summary>
public enum RecentChangeKind
{
    /// <summary>The process started.</summary>
    Started,

    /// <summary>An alert fired, changed its severity or was resolved.</summary>
    Alert,

    /// <summary>A circuit changed its state.</summary>
    Circuit,

    /// <summary>A Redis connection was lost or came back.</summary>
    Connection,

    /// <summary>A service changed its status.</summary>
    Service,

    /// <summary>Somebody changed something through the API.</summary>
    Person,

    /// <summary>A figure moved far from what it was before.</summary>
    Figure,
}
