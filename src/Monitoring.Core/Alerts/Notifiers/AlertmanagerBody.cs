using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Alerts.Notifiers;

/// <summary>Alerts as Alertmanager takes them (its <c>api/v2/openapi.yaml</c>, <c>postableAlerts</c>).</summary>
internal sealed class AlertmanagerBody
{
    private const int MostAlertsOfRequest = 250;
    private const int EnoughBytesOfRequest = 1_000_000;
    private const int LongestDigest = 2000;
    // No browser reads it as HTML, so what would be markup there need not be escaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan LifeOfTest = TimeSpan.FromMinutes(1);

    private readonly KeyValuePair<string, string>[] _labels;
    private readonly TimeSpan _validity;
    private readonly string? _generatorUrl;

    public AlertmanagerBody(AlertmanagerNotifierOptions options)
    {
        var labels = new Dictionary<string, string>(options.Labels, StringComparer.Ordinal);
        labels.TryAdd(AlertmanagerNotifierOptions.HostLabel, Environment.MachineName);
        _labels = [.. labels];
        _validity = AlertmanagerNotifier.ValidityInIntervals * (options.RepeatInterval ?? TimeSpan.FromMinutes(1));
        _generatorUrl = options.GeneratorUrl;
    }

    /// <summary>The alerts of a notice in requests that a receiver can be asked to take: some hundred alerts, some megabyte.</summary>
    public IEnumerable<byte[]> RequestsOf(AlertNotice notice, DateTimeOffset now)
    {
        var request = new ArrayBufferWriter<byte>();
        var count = 0;
        foreach (var alert in AlertsOf(notice, now))
        {
            if (count == MostAlertsOfRequest || request.WrittenCount > EnoughBytesOfRequest)
            {
                yield return Close(request);
                request.Clear();
                count = 0;
            }

            request.Write(count == 0 ? "["u8 : ","u8);
            using (var json = new Utf8JsonWriter(request, Plain))
            {
                JsonSerializer.Serialize(json, alert, AlertmanagerJson.Default.AlertmanagerAlert);
            }

            count++;
        }

        if (count > 0)
        {
            yield return Close(request);
        }
    }

    private IEnumerable<AlertmanagerAlert> AlertsOf(AlertNotice notice, DateTimeOffset now)
    {
        if (notice.IsTest)
        {
            yield return Own("MonitoringTest", AlertSeverity.Warning, NoticeText.Test, now, now + LifeOfTest);
        }

        foreach (var entry in notice.Entries)
        {
            var alert = AlertBounds.Of(entry.Alert);
            var isOver = alert.State == AlertState.Resolved;

            // An end in the future would keep it up: our clock and Alertmanager's may differ, or ours was set back.
            var end = isOver ? Earlier(alert.ResolvedAt ?? now, now) : now + _validity;
            yield return Create(alert, end);

            // There are two severities, so what it may be known by besides is the other one.
            if (alert.PreviousSeverity is not null)
            {
                var former = alert.Severity == AlertSeverity.Critical ? AlertSeverity.Warning : AlertSeverity.Critical;
                yield return Create(alert with { Severity = former }, Earlier(end, now));
            }
        }

        if (notice.Digest is { } digest)
        {
            var severity = digest.Critical > 0 ? AlertSeverity.Critical : AlertSeverity.Warning;
            yield return Own("MonitoringAlertDigest", severity, NoticeText.Line(digest, LongestDigest), digest.From, now + _validity);
        }
    }

    private static byte[] Close(ArrayBufferWriter<byte> request)
    {
        request.Write("]"u8);
        return request.WrittenSpan.ToArray();
    }

    private AlertmanagerAlert Create(Alert alert, DateTimeOffset end)
    {
        var labels = AlertLabels.Of(alert).Where(static label => AlertmanagerNotifierOptions.IsLabelName(label.Key)).ToDictionary();
        AddOwn(labels);
        var annotations = new Dictionary<string, string>
        {
            ["summary"] = alert.Message,
            ["description"] = Description(alert),
            ["value"] = alert.Value.ToString("R", CultureInfo.InvariantCulture),
        };
        if (alert.Runbook is { Length: > 0 } runbook)
        {
            annotations["runbook_url"] = runbook;
        }

        return new AlertmanagerAlert(labels, annotations, Earlier(alert.StartedAt, end), end, _generatorUrl);
    }

    // What is no alert of a rule: it ends by itself.
    private AlertmanagerAlert Own(string name, AlertSeverity severity, string text, DateTimeOffset start, DateTimeOffset end)
    {
        var labels = new Dictionary<string, string> { [AlertLabels.AlertName] = name, [AlertLabels.Severity] = severity == AlertSeverity.Critical ? "critical" : "warning" };
        AddOwn(labels);
        return new AlertmanagerAlert(labels, new Dictionary<string, string> { ["summary"] = text }, Earlier(start, end), end, _generatorUrl);
    }

    private void AddOwn(Dictionary<string, string> labels)
    {
        foreach (var (name, value) in _labels)
        {
            if (value.Length > 0)
            {
                labels.TryAdd(name, value);
            }
        }
    }

    private static string Description(Alert alert) =>
        NoticeText.Values(alert) + string.Concat(alert.Context.Select(static item => $"\n{item.Key}: {item.Value}"));

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}

internal sealed record AlertmanagerAlert(
    Dictionary<string, string> Labels,
    Dictionary<string, string> Annotations,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    [property: JsonPropertyName("generatorURL")] string? GeneratorUrl);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertmanagerAlert))]
internal sealed partial class AlertmanagerJson : JsonSerializerContext;
