using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// A mail with a text and an HTML part (RFC 5322, RFC 2045 to 2047). All of it is ASCII: bodies are base64, and header values
/// that come from outside are encoded words, so nothing in them can end a line and begin another header. No line begins with a dot.
/// </summary>
internal static class EmailMessage
{
    // An encoded word has 75 characters at most, of which "=?utf-8?B?" and "?=" take 12: 60 of base64 are 45 bytes.
    private const int BytesOfWord = 45;
    private const int Base64Line = 76;

    public static byte[] Serialize(EmailContent content, MailAddress from, IEnumerable<MailAddress> to, DateTimeOffset now)
    {
        var boundary = $"=_{Guid.NewGuid():N}";
        var mail = new StringBuilder();
        Header(mail, "Date", now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(mail, "From", Address(from));
        Header(mail, "To", string.Join(",\r\n ", to.Select(Address)));
        Header(mail, "Subject", Words(content.Subject));
        Header(mail, "Message-ID", content.MessageId);
        if (content.References.Count > 0)
        {
            Header(mail, "In-Reply-To", content.References[^1]);
            Header(mail, "References", string.Join("\r\n ", content.References));
        }

        // So that nobody's absence note answers it (RFC 3834).
        Header(mail, "Auto-Submitted", "auto-generated");
        Header(mail, "MIME-Version", "1.0");
        Header(mail, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        mail.Append("\r\n");
        Part(mail, boundary, "text/plain", content.Text);
        Part(mail, boundary, "text/html", content.Html);
        mail.Append("--").Append(boundary).Append("--");
        return Encoding.ASCII.GetBytes(mail.ToString());
    }

    private static void Part(StringBuilder mail, string boundary, string type, string text)
    {
        mail.Append("--").Append(boundary).Append("\r\n");
        Header(mail, "Content-Type", $"{type}; charset=utf-8");
        Header(mail, "Content-Transfer-Encoding", "base64");
        mail.Append("\r\n");
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        for (var start = 0; start < base64.Length; start += Base64Line)
        {
            mail.Append(base64.AsSpan(start, Math.Min(Base64Line, base64.Length - start))).Append("\r\n");
        }
    }

    private static void Header(StringBuilder mail, string name, string value) => mail.Append(name).Append(": ").Append(value).Append("\r\n");

    private static string Address(MailAddress address) =>
        address.DisplayName.Length == 0 ? $"<{address.Address}>" : $"{Words(address.DisplayName)}\r\n <{address.Address}>";

    // Cut between characters: each word must be valid by itself (RFC 2047, 5).
    private static string Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > BytesOfWord)
            {
                words.Add(Word(word));
                bytes = 0;
            }

            word.Append(rune.ToString());
            bytes += rune.Utf8SequenceLength;
        }

        words.Add(Word(word));
        return string.Join("\r\n ", words);
    }

    private static string Word(StringBuilder text)
    {
        var word = $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ToString()))}?=";
        text.Clear();
        return word;
    }
}
