using System.Net;
using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>What a mail says of a notice, of the most severe alerts in full and of the others how many they are.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">For those who read text.</param>
/// <param name="Html">For those who read HTML; everything from outside is escaped, and nothing is loaded from elsewhere.</param>
/// <param name="MessageId">Identity of the mail, the same for all attempts of one notice.</param>
/// <param name="References">The mails that it belongs to.</param>
internal sealed record EmailContent(string Subject, string Text, string Html, string MessageId, IReadOnlyList<string> References)
{
    private const int MostAlerts = 100;
    private const int MostReferences = 20;
    private const int LongestSubject = 200;
    private const int LongestText = 1000;
    private const int MostContext = 20;

    public static EmailContent Of(AlertNotice notice, string domain)
    {
        var id = string.Concat(notice.Id.Where(static c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(100));
        var references = notice.Entries.Select(static entry => entry.Receipt).OfType<string>().Where(IsMessageId).Distinct(StringComparer.Ordinal).Take(MostReferences);
        return new EmailContent(NoticeText.Title(notice, LongestSubject), TextOf(notice), HtmlOf(notice), $"<{id}@{domain}>", [.. references]);
    }

    private static string TextOf(AlertNotice notice)
    {
        var text = new StringBuilder();
        if (notice.IsTest)
        {
            text.Append(NoticeText.Test).Append("\r\n\r\n");
        }

        foreach (var entry in notice.Entries.Take(MostAlerts))
        {
            text.Append(NoticeText.Line(entry, LongestText)).Append("\r\n");
            foreach (var (name, value) in Details(entry.Alert))
            {
                text.Append("    ").Append(name).Append(": ").Append(value).Append("\r\n");
            }

            text.Append("\r\n");
        }

        foreach (var line in Rest(notice))
        {
            text.Append(line).Append("\r\n");
        }

        return text.ToString();
    }

    private static string HtmlOf(AlertNotice notice)
    {
        var html = new StringBuilder("<!DOCTYPE html>\r\n<html><body style=\"font-family:sans-serif\">\r\n");
        html.Append("<h2>").Append(Escape(NoticeText.Title(notice, LongestSubject))).Append("</h2>\r\n");
        if (notice.IsTest)
        {
            html.Append("<p>").Append(NoticeText.Test).Append("</p>\r\n");
        }

        foreach (var entry in notice.Entries.Take(MostAlerts))
        {
            var alert = entry.Alert;
            html.Append("<h3 style=\"color:").Append(ColourOf(alert)).Append("\">")
                .Append(Escape(NoticeText.Plain($"[{NoticeText.Word(alert)}] {alert.Key} {NoticeText.Says(entry)}", LongestText))).Append("</h3>\r\n<p>")
                .Append(Escape(NoticeText.Plain(alert.Message, LongestText))).Append("<br>").Append(Escape(NoticeText.Plain(NoticeText.Values(alert), LongestText))).Append("</p>\r\n<table>\r\n");
            foreach (var (name, value) in Details(alert))
            {
                html.Append("<tr><td>").Append(Escape(name)).Append("</td><td>").Append(Escape(value)).Append("</td></tr>\r\n");
            }

            html.Append("</table>\r\n");
        }

        foreach (var line in Rest(notice))
        {
            html.Append("<p>").Append(Escape(line)).Append("</p>\r\n");
        }

        return html.Append("</body></html>\r\n").ToString();
    }

    private static IEnumerable<(string Name, string Value)> Details(Alert alert)
    {
        yield return ("Since", NoticeText.Time(alert.StartedAt));
        if (alert.Runbook is { Length: > 0 } runbook)
        {
            yield return ("What to do", NoticeText.Plain(runbook, LongestText));
        }

        if (alert.ResolutionNote is { Length: > 0 } note)
        {
            yield return ("Note", NoticeText.Plain(note, LongestText));
        }

        foreach (var (name, value) in alert.Context.Take(MostContext))
        {
            yield return (NoticeText.Plain(name, LongestText), NoticeText.Plain(value, LongestText));
        }
    }

    private static IEnumerable<string> Rest(AlertNotice notice)
    {
        if (notice.Entries.Count > MostAlerts)
        {
            yield return NoticeText.More(notice.Entries.Count - MostAlerts);
        }

        if (notice.Digest is { } digest)
        {
            yield return NoticeText.Line(digest, LongestText);
        }
    }

    // Receipts come from a store: what is no id must not become a header.
    private static bool IsMessageId(string text) =>
        text.Length is > 2 and < 300 && text[0] == '<' && text[^1] == '>' && text.All(static c => c is > ' ' and <= '~');

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string ColourOf(Alert alert) => alert switch
    {
        { State: AlertState.Resolved } => "#1a7f37",
        { Severity: AlertSeverity.Critical } => "#b42318",
        _ => "#8a6100",
    };
}
