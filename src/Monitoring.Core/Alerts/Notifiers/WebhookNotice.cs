using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// The body of a notice, in the envelope of Standard Webhooks: <c>type</c>, <c>timestamp</c> and <c>data</c>. Below 1 MB, which is what
/// proxies let pass by default (nginx, <c>client_max_body_size</c>): what does not fit is counted in <c>truncated</c>, and as the most
/// severe alerts come first, those are told.
/// </summary>
internal static class WebhookNotice
{
    private const int MostBytes = 1_000_000;
    private const int BytesForTheRest = 100_000;

    public static byte[] Serialize(AlertNotice notice, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", TypeOf(notice));
            json.WriteString("timestamp", now);
            json.WriteStartObject("data");
            WriteGroup(json, notice.Group);
            json.WriteStartArray("alerts");
            var written = 0;
            foreach (var entry in notice.Entries)
            {
                var alert = JsonSerializer.SerializeToUtf8Bytes(new WebhookAlert(entry.Reason, AlertBounds.Of(entry.Alert)), WebhookNoticeJson.Default.WebhookAlert);
                if (json.BytesCommitted + json.BytesPending + alert.Length > MostBytes - BytesForTheRest)
                {
                    break;
                }

                json.WriteRawValue(alert, skipInputValidation: true);
                written++;
            }

            json.WriteEndArray();
            json.WriteNumber("truncated", notice.Entries.Count - written);
            if (notice.Digest is { } digest)
            {
                json.WritePropertyName("digest");
                JsonSerializer.Serialize(json, AlertBounds.Of(digest), WebhookNoticeJson.Default.AlertDigest);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteGroup(Utf8JsonWriter json, IReadOnlyDictionary<string, string> group)
    {
        json.WriteStartObject("group");
        foreach (var (label, value) in AlertBounds.Of(group))
        {
            json.WriteString(label, value);
        }

        json.WriteEndObject();
    }

    private static string TypeOf(AlertNotice notice) => notice switch
    {
        { IsTest: true } => "test",
        { Entries.Count: 0 } => "alert.digest",
        { IsResolved: true } => "alert.resolved",
        _ when notice.Entries.Any(static entry => entry.Alert.State == AlertState.Resolved) => "alert.mixed",
        _ => "alert.firing",
    };
}

internal sealed record WebhookAlert(AlertNoticeReason Reason, Alert Alert);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(CamelCaseEnum<AlertSeverity>), typeof(CamelCaseEnum<AlertState>), typeof(CamelCaseEnum<AlertCategory>), typeof(CamelCaseEnum<AlertResolution>),
        typeof(CamelCaseEnum<AlertNoticeReason>), typeof(CamelCaseEnum<AlertEventKind>), typeof(CamelCaseEnum<AlertSuppressionReason>),
    ])]
[JsonSerializable(typeof(WebhookAlert))]
[JsonSerializable(typeof(AlertDigest))]
internal sealed partial class WebhookNoticeJson : JsonSerializerContext;

internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
