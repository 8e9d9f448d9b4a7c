using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>The query parameter <c>window</c>: <c>90s</c>, <c>15m</c>, <c>1h</c> or <c>00:15:00</c>, from a second to an hour, or to a day where the history is asked.</summary>
internal static class Window
{
    public const string Field = "window";

    private static readonly TimeSpan Minimum = TimeSpan.FromSeconds(1);

    /// <summary>Reads the window; null without a problem means that none was asked for.</summary>
    public static bool TryRead(IQueryCollection query, out TimeSpan? window, [NotNullWhen(false)] out IResult? problem, int maximumHours = 1)
    {
        window = null;
        problem = null;
        if (!query.TryGetValue(Field, out var values))
        {
            return true;
        }

        if (values.Count == 1 && TryRead(values[0] ?? "", out var parsed, maximumHours))
        {
            window = parsed;
            return true;
        }

        problem = Problems.BadField(Field, $"'{Problems.Echo(values.ToString())}' is not a window; allowed: {Allowed(maximumHours)}.");
        return false;
    }

    /// <summary>Reads a window that is in the range.</summary>
    public static bool TryRead(string text, out TimeSpan window, int maximumHours = 1) =>
        TryParse(text, out window) && window >= Minimum && window <= TimeSpan.FromHours(maximumHours);

    /// <summary>What a window may be, in words.</summary>
    public static string Allowed(int maximumHours = 1) => $"1 s to {maximumHours} h, written like 90s, 15m, 1h or 00:15:00";

    private static bool TryParse(string text, out TimeSpan window)
    {
        long unit = text is [.., var last] ? last switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        if (unit == 0)
        {
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out window);
        }

        // Five digits hold every allowed value, so the product cannot overflow.
        window = default;
        if (text.Length > 6 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        window = TimeSpan.FromSeconds(count * unit);
        return true;
    }
}
