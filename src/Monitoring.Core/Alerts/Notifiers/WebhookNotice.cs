using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Alerts.Notifiers;

/// <summary>The body of a notice, in the envelope of Standard Webhooks.</summary>
internal sealed record WebhookNotice(string Type, DateTimeOffset Timestamp, Alert Data)
{
    public static byte[] Serialize(Alert alert, DateTimeOffset now) =>
        JsonSerializer.SerializeToUtf8Bytes(new WebhookNotice(TypeOf(alert), now, alert), WebhookNoticeJson.Default.WebhookNotice);

    private static string TypeOf(Alert alert) => alert switch
    {
        { State: AlertState.Resolved } => "alert.resolved",
        { PreviousSeverity: not null } => "alert.severity-changed",
        _ => "alert.firing",
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(CamelCaseEnum<AlertSeverity>), typeof(CamelCaseEnum<AlertState>), typeof(CamelCaseEnum<AlertCategory>), typeof(CamelCaseEnum<AlertResolution>)])]
[JsonSerializable(typeof(WebhookNotice))]
internal sealed partial class WebhookNoticeJson : JsonSerializerContext;

internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
