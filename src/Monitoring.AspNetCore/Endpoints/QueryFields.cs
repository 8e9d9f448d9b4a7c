using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Reads what a request asks for; of what is wrong the first thing is kept in <see cref="Problem"/>. Names that an endpoint does not know are passed over.</summary>
internal sealed class QueryFields(IQueryCollection query)
{
    public const int LargestLimit = 1000;

    private const int DefaultLimit = 100;
    private const int LongestText = 400;

    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>What to answer instead, when something is wrong.</summary>
    public IResult? Problem { get; private set; }

    /// <summary>How many entries are wanted.</summary>
    public int Limit() => Number("limit", 1, LargestLimit) ?? DefaultLimit;

    /// <summary>A whole number within a range; null when none was sent.</summary>
    public int? Number(string field, int minimum, int maximum)
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        Refuse(field, text, $"a count; allowed: {minimum} to {maximum}");
        return null;
    }

    /// <summary>A moment in ISO 8601, of UTC where it has no offset; null when none was sent.</summary>
    public DateTimeOffset? Moment(string field)
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        // An address turns the plus of an offset into a space.
        if (DateTimeOffset.TryParseExact(text.Replace(' ', '+'), Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            && moment >= DateTimeOffset.UnixEpoch)
        {
            return moment;
        }

        Refuse(field, text, "a moment; allowed: ISO 8601 from 1970 on, written like 2026-01-31T08:00:00Z");
        return null;
    }

    /// <summary>From which duration on something is wanted: <c>0</c>, <c>250ms</c> or <c>2s</c>, up to a minute.</summary>
    public TimeSpan? Threshold()
    {
        const string field = "threshold";
        const int longest = 60_000;
        if (Text(field) is not { } text)
        {
            return null;
        }

        var (number, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1) : text.EndsWith('s') ? (text[..^1], 1000) : (text, 1);
        if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= longest / unit && (number != text || count == 0))
        {
            return TimeSpan.FromMilliseconds(count * unit);
        }

        Refuse(field, text, "a threshold; allowed: 0 to 1 minute, written like 250ms or 2s");
        return null;
    }

    /// <summary>One of the names of an enum, whatever its case.</summary>
    public T? Name<T>(string field)
        where T : struct, Enum
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        var names = Enum.GetNames<T>();
        if (Array.Find(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return Enum.Parse<T>(found);
        }

        Refuse(field, text, $"known; allowed: {string.Join(", ", names)}");
        return null;
    }

    /// <summary>Yes or no.</summary>
    public bool? Flag(string field)
    {
        if (Text(field) is not { } text)
        {
            return null;
        }

        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }

        Refuse(field, text, "a flag; allowed: true or false");
        return null;
    }

    /// <summary>A text as it is; null when none was sent.</summary>
    public string? Text(string field)
    {
        if (!query.TryGetValue(field, out var values))
        {
            return null;
        }

        if (values is [{ Length: <= LongestText } text])
        {
            return text;
        }

        Refuse(field, values.ToString(), $"one text; allowed: once, up to {LongestText} characters");
        return null;
    }

    public void Refuse(string field, string text, string what) => Problem ??= Problems.BadField(field, $"'{Problems.Echo(text)}' is not {what}.");
}
