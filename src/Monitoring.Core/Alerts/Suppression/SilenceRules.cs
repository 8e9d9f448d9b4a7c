using System.Globalization;

namespace Monitoring.Alerts.Suppression;

/// <summary>What a silence must be like.</summary>
internal static class SilenceRules
{
    public const int LongestAuthor = 200;
    public const int LongestReason = 1000;

    private const int MostMatchers = 20;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static IReadOnlyList<SilenceError> Check(Silence silence, DateTimeOffset now)
    {
        var errors = new List<SilenceError>();
        CheckMatchers(silence.Matchers, errors);
        if (silence.EndsAt <= silence.StartsAt)
        {
            errors.Add(new("endsAt", $"{Text(silence.EndsAt)} is not after the start; allowed: later than {Text(silence.StartsAt)}."));
        }
        else if (silence.EndsAt <= now)
        {
            errors.Add(new("endsAt", $"{Text(silence.EndsAt)} is past; allowed: later than now, {Text(now)}."));
        }
        else if (silence.EndsAt - silence.StartsAt > Longest)
        {
            errors.Add(new("endsAt", $"{Text(silence.EndsAt)} is more than {Longest.Days} days after the start; allowed: until {Text(silence.StartsAt + Longest)}."));
        }

        CheckText("author", silence.Author, LongestAuthor, errors);
        CheckText("reason", silence.Reason, LongestReason, errors);
        return errors;
    }

    private static void CheckMatchers(IReadOnlyList<LabelMatcher>? matchers, List<SilenceError> errors)
    {
        if (matchers is not { Count: >= 1 and <= MostMatchers } || matchers.Contains(null!))
        {
            errors.Add(new("matchers", $"{matchers?.Count ?? 0} matchers; allowed: 1 to {MostMatchers}."));
            return;
        }

        var before = errors.Count;
        errors.AddRange(matchers.Select(static matcher => matcher.Check()).OfType<string>().Select(static problem => new SilenceError("matchers", $"{problem}.")));
        if (errors.Count == before && new MatcherSet(matchers).IsBroad)
        {
            errors.Add(new("matchers", $"'{string.Join(", ", matchers)}' would keep all alerts quiet, also those that nobody has thought of; allowed: at least one matcher that says which are meant."));
        }
    }

    private static void CheckText(string field, string? text, int longest, List<SilenceError> errors)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > longest)
        {
            errors.Add(new(field, $"{(string.IsNullOrWhiteSpace(text) ? "not set" : $"{text.Length} characters long")}; allowed: 1 to {longest} characters."));
        }
    }

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
