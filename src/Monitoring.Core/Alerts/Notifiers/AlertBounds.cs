using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>Keeps what is sent of one alert within some 50,000 characters, whatever its rule wrote: long texts end in an ellipsis, long lists end.</summary>
internal static class AlertBounds
{
    private const int LongestText = 2000;
    private const int LongestName = 500;
    private const int LongestRule = 100;
    private const int MostRules = 100;
    private const int MostItems = 20;

    public static Alert Of(Alert alert)
    {
        // Most alerts are within all bounds and stay as they are.
        return IsWithin(alert) ? alert : alert with
        {
            Key = Text(alert.Key, LongestName),
            Rule = Text(alert.Rule, LongestName),
            Instance = alert.Instance is null ? null : Text(alert.Instance, LongestName),
            Metric = Text(alert.Metric, LongestName),
            Message = Text(alert.Message, LongestText),
            Unit = Text(alert.Unit, LongestName),
            Runbook = alert.Runbook is null ? null : Text(alert.Runbook, LongestText),
            ResolvedBy = alert.ResolvedBy is null ? null : Text(alert.ResolvedBy, LongestName),
            ResolutionNote = alert.ResolutionNote is null ? null : Text(alert.ResolutionNote, LongestText),
            AcknowledgedBy = alert.AcknowledgedBy is null ? null : Text(alert.AcknowledgedBy, LongestName),
            AcknowledgementNote = alert.AcknowledgementNote is null ? null : Text(alert.AcknowledgementNote, LongestText),
            Suppression = alert.Suppression is null ? null : alert.Suppression with { By = Text(alert.Suppression.By, LongestName) },
            Labels = Of(alert.Labels),
            Context = Of(alert.Context),
            Timeline = [.. alert.Timeline.TakeLast(MostItems).Select(Of)],
        };
    }

    public static AlertDigest Of(AlertDigest digest) => digest with
    {
        CountByRule = digest.CountByRule.OrderByDescending(static rule => rule.Value).Take(MostRules).DistinctBy(static rule => Text(rule.Key, LongestRule)).ToDictionary(static rule => Text(rule.Key, LongestRule), static rule => rule.Value),
    };

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> items) =>
        IsWithin(items) ? items : items.Take(MostItems).DistinctBy(static item => Text(item.Key, LongestName)).ToDictionary(static item => Text(item.Key, LongestName), static item => Text(item.Value, LongestName));

    /// <summary>A text of at most so many UTF-16 units, cut between characters; broken ones are replaced.</summary>
    public static string Text(string text, int longest)
    {
        if (text.Length <= longest && IsWellFormed(text))
        {
            return text;
        }

        var cut = new StringBuilder(longest);
        foreach (var rune in text.EnumerateRunes())
        {
            if (cut.Length + rune.Utf16SequenceLength > longest - 1 && text.Length > longest)
            {
                return cut.Append('…').ToString();
            }

            cut.Append(rune.ToString());
        }

        return cut.ToString();
    }

    private static AlertEvent Of(AlertEvent item) => item with
    {
        By = item.By is null ? null : Text(item.By, LongestName),
        Note = item.Note is null ? null : Text(item.Note, LongestName),
    };

    private static bool IsWithin(Alert alert) =>
        IsWithin(LongestName, alert.Key, alert.Rule, alert.Instance, alert.Metric, alert.Unit, alert.ResolvedBy, alert.AcknowledgedBy, alert.Suppression?.By)
        && IsWithin(LongestText, alert.Message, alert.Runbook, alert.ResolutionNote, alert.AcknowledgementNote)
        && IsWithin(alert.Labels) && IsWithin(alert.Context)
        && alert.Timeline.Count <= MostItems && alert.Timeline.All(static item => IsWithin(LongestName, item.By, item.Note));

    private static bool IsWithin(IReadOnlyDictionary<string, string> items) =>
        items.Count <= MostItems && items.All(static item => IsWithin(LongestName, item.Key, item.Value));

    private static bool IsWithin(int longest, params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is not null && (text.Length > longest || !IsWellFormed(text)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWellFormed(string text)
    {
        // A half of a surrogate pair cannot be written as UTF-8.
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
