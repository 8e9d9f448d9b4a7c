using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// A message in Block Kit, within its limits (docs.slack.dev/reference/block-kit/blocks): 50 blocks, 150 characters in a
/// header, 3,000 in a section. All blocks together may hold some 13,000 characters before Slack refuses them with
/// <c>msg_blocks_too_long</c> (github.com/slackapi/bolt-js, issue 2509), so 15 alerts of 600 at most are shown.
/// </summary>
internal static class SlackMessage
{
    public const int MostAlerts = 15;
    private const int LongestHeader = 150;
    private const int LongestSection = 600;
    private const int LongestFallback = 1000;

    /// <param name="notice">What the message is of.</param>
    /// <param name="entries">The alerts of the notice that this message tells of.</param>
    /// <param name="channel">Id of the channel; null for an incoming webhook, which has its own.</param>
    /// <param name="thread">The message to reply to; null for a new one.</param>
    public static byte[] Serialize(AlertNotice notice, IReadOnlyList<AlertNoticeEntry> entries, string? channel, string? thread)
    {
        var part = notice with { Entries = entries, Digest = thread is null ? notice.Digest : null };
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (channel is not null)
            {
                json.WriteString("channel", channel);
            }

            if (thread is not null)
            {
                json.WriteString("thread_ts", thread);
            }

            // What notifications and screen readers show; links in it would be unfolded into previews.
            json.WriteString("text", Escape(NoticeText.Title(part, LongestFallback), LongestFallback));
            json.WriteBoolean("unfurl_links", false);
            json.WriteBoolean("unfurl_media", false);
            json.WriteStartArray("blocks");
            WriteBlocks(json, part);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Escapes what mrkdwn reads as markup (docs.slack.dev/messaging/formatting-message-text) and shortens, never within an entity.</summary>
    public static string Escape(string text, int longest)
    {
        var escaped = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            var piece = rune.Value switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", _ => rune.ToString() };
            if (escaped.Length + piece.Length > longest - 1)
            {
                return escaped.Append('…').ToString();
            }

            escaped.Append(piece);
        }

        return escaped.ToString();
    }

    private static void WriteBlocks(Utf8JsonWriter json, AlertNotice notice)
    {
        WriteBlock(json, "header", "plain_text", NoticeText.Title(notice, LongestHeader));
        if (notice.IsTest)
        {
            WriteBlock(json, "section", "mrkdwn", NoticeText.Test);
        }

        foreach (var entry in notice.Entries.Take(MostAlerts))
        {
            WriteBlock(json, "section", "mrkdwn", Section(entry));
        }

        if (notice.Entries.Count > MostAlerts)
        {
            WriteBlock(json, "section", "mrkdwn", NoticeText.More(notice.Entries.Count - MostAlerts));
        }

        if (notice.Digest is { } digest)
        {
            WriteBlock(json, "section", "mrkdwn", Escape(NoticeText.Line(digest, LongestSection), LongestSection));
        }
    }

    private static string Section(AlertNoticeEntry entry)
    {
        var alert = entry.Alert;
        var icon = alert switch { { State: AlertState.Resolved } => ":white_check_mark:", { Severity: AlertSeverity.Critical } => ":red_circle:", _ => ":warning:" };
        var name = Escape(NoticeText.Plain(alert.Key, 120), 120);
        var says = Escape(NoticeText.Plain(NoticeText.Says(entry), 120), 120);
        var values = Escape(NoticeText.Plain(NoticeText.Values(alert), 100), 100);
        var runbook = alert.Runbook is { Length: > 0 } text ? $"\n{Escape(NoticeText.Plain(text, 200), 200)}" : "";
        var head = $"{icon} *{name}* {says}\n";
        var tail = $"\n_{values}_{runbook}";
        var rest = LongestSection - head.Length - tail.Length;
        return rest > 1 ? $"{head}{Escape(NoticeText.Plain(alert.Message, rest), rest)}{tail}" : $"{head}{tail}";
    }

    private static void WriteBlock(Utf8JsonWriter json, string type, string textType, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartObject("text");
        json.WriteString("type", textType);
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
