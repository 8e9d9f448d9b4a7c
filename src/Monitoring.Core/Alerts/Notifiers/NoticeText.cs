using System.Globalization;
using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>What all channels for people say of a notice: one title, one line for each alert, and what was left out.</summary>
internal static class NoticeText
{
    public const string Test = "This is a test: the channel works.";

    /// <summary>What the whole notice is about, in one line.</summary>
    public static string Title(AlertNotice notice, int longest)
    {
        var resolved = notice.Entries.Count(static entry => entry.Alert.State == AlertState.Resolved);
        var title = notice switch
        {
            { IsTest: true } => "[TEST] Alerts of the monitor",
            { Entries: [var only], Digest: null } => $"[{Word(only.Alert)}] {only.Alert.Key} {Says(only)}",
            { Entries.Count: 0, Digest: { } digest } => $"[DIGEST] {Count(digest.Count)} alerts came and went unheard",
            { IsResolved: true } => $"[RESOLVED] {Count(resolved)} alerts are resolved: {Group(notice)}",
            _ => $"[{Word(MostSevere(notice))}] {Count(notice.Entries.Count - resolved)} alerts{(resolved > 0 ? $", {Count(resolved)} resolved" : "")}: {Group(notice)}",
        };
        return Plain(title, longest);
    }

    /// <summary><c>CRITICAL</c>, <c>WARNING</c> or <c>RESOLVED</c>.</summary>
    public static string Word(Alert alert) => alert.State == AlertState.Resolved ? "RESOLVED" : Name(alert.Severity);

    /// <summary>What is new about an alert, after its name.</summary>
    public static string Says(AlertNoticeEntry entry) => entry switch
    {
        { Reason: AlertNoticeReason.SeverityChanged, Alert.PreviousSeverity: { } previous } => $"went from {Name(previous)} to {Name(entry.Alert.Severity)}",
        { Reason: AlertNoticeReason.SeverityChanged } => $"is {Name(entry.Alert.Severity)} now",
        { Reason: AlertNoticeReason.Reminder } => "still fires",
        { Reason: AlertNoticeReason.Escalated } => "fires, and nobody has acknowledged it",
        { Reason: AlertNoticeReason.FiredAndResolved } => $"fired at {Time(entry.Alert.StartedAt)} and was resolved{Afterwards(entry.Alert)}",
        { Reason: AlertNoticeReason.Resolved } => $"is resolved{Afterwards(entry.Alert)}",
        _ => "fires",
    };

    /// <summary>How far the value is: <c>value 120 ms, threshold 100 ms</c>; of one that is over, its peak.</summary>
    public static string Values(Alert alert) => alert.State == AlertState.Resolved
        ? $"peak {Quantity(alert.PeakValue, alert.Unit)}, threshold {Quantity(alert.Threshold, alert.Unit)}"
        : $"value {Quantity(alert.Value, alert.Unit)}, threshold {Quantity(alert.Threshold, alert.Unit)}";

    /// <summary>One line that says all there is to say of an alert in short.</summary>
    public static string Line(AlertNoticeEntry entry, int longest) =>
        Plain($"[{Word(entry.Alert)}] {entry.Alert.Key} {Says(entry)}: {entry.Alert.Message} ({Values(entry.Alert)})", longest);

    /// <summary>The digest in one line.</summary>
    public static string Line(AlertDigest digest, int longest)
    {
        var rules = digest.CountByRule.OrderByDescending(static rule => rule.Value).ThenBy(static rule => rule.Key, StringComparer.Ordinal).Take(10).Select(static rule => $"{rule.Key} {Count(rule.Value)}");
        return Plain($"{Count(digest.Count)} alerts came and went unheard from {Time(digest.From)} to {Time(digest.To)}, {Count(digest.Critical)} of them critical: {string.Join(", ", rules)}", longest);
    }

    /// <summary>How many alerts of a notice are not shown.</summary>
    public static string More(int count) => $"and {Count(count)} more";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A text on one line: what would break it or steer a terminal becomes a space; shortened to so many UTF-16 units.</summary>
    public static string Plain(string text, int longest)
    {
        var line = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > longest - 1 && text.Length > longest)
            {
                return line.Append('…').ToString();
            }

            // Format characters turn the direction of a text or hide in it; separators of lines and paragraphs break it.
            var breaks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F;
            line.Append(breaks ? " " : rune.ToString());
        }

        return line.ToString();
    }

    private static Alert MostSevere(AlertNotice notice) =>
        notice.Entries.Select(static entry => entry.Alert).Where(static alert => alert.State != AlertState.Resolved).MaxBy(static alert => alert.Severity)!;

    private static string Group(AlertNotice notice) =>
        notice.Group.Count == 0 ? "all" : string.Join(", ", notice.Group.Select(static label => $"{label.Key}={label.Value}"));

    private static string Name(AlertSeverity severity) => severity == AlertSeverity.Critical ? "CRITICAL" : "WARNING";

    private static string Afterwards(Alert alert)
    {
        var after = alert.ResolvedAt is { } end ? $" after {Duration(end - alert.StartedAt)}" : "";
        return alert.Resolution == AlertResolution.Manual ? $"{after} by {alert.ResolvedBy ?? "somebody"}" : after;
    }

    private static string Duration(TimeSpan time) =>
        time.ToString(time >= TimeSpan.FromDays(1) ? "d'd 'hh':'mm':'ss" : "hh':'mm':'ss", CultureInfo.InvariantCulture);

    private static string Quantity(double value, string unit) => AlertText.Quantity(value, unit).TrimEnd();
}
