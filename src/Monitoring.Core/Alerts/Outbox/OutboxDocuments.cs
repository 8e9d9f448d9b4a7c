using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Alerts.Outbox;

/// <summary>What a channel was told of an alert, as it is written down.</summary>
/// <param name="Outcome">What became of the news that it fired.</param>
/// <param name="Reason">Why it was suppressed or failed.</param>
/// <param name="DecidedAt">When that was decided.</param>
/// <param name="Told">What the channel was told.</param>
/// <param name="Severity">The severity that it was told.</param>
/// <param name="ToldAt">When it was told last.</param>
/// <param name="Receipt">What the notifier returned.</param>
/// <param name="IsFinal">Whether nothing is left to be told.</param>
/// <param name="Alert">The alert, once it is over and there is still something to be told: nobody else may keep it for that long.</param>
internal sealed record DeliveryDocument(
    AlertDeliveryOutcome Outcome,
    string? Reason,
    DateTimeOffset? DecidedAt,
    Told Told,
    AlertSeverity Severity,
    DateTimeOffset? ToldAt,
    string? Receipt,
    bool IsFinal,
    Alert? Alert);

/// <summary>The notice under way, as it is written down.</summary>
internal sealed record NoticeDocument(
    string Id, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string> Group, IReadOnlyList<NoticeEntryDocument> Entries, AlertDigest? Digest);

/// <summary>One alert of a notice that is written down; the alert itself is written elsewhere.</summary>
internal sealed record NoticeEntryDocument(string AlertId, AlertNoticeReason Reason, AlertSeverity Severity);

/// <summary>JSON of what the outbox writes down.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeliveryDocument))]
[JsonSerializable(typeof(NoticeDocument))]
[JsonSerializable(typeof(AlertDigest))]
internal sealed partial class OutboxJson : JsonSerializerContext;
