using System.Globalization;

namespace Monitoring.Redis.Probes;

/// <summary>Reads the ways in which systems write a moment.</summary>
internal static class ProbeTime
{
    // A number of this many seconds is the year 5138; of as many milliseconds, 1973.
    private const double MostSeconds = 1e11;
    private const double MostMilliseconds = 1e14;
    private const double MostMicroseconds = 1e17;

    /// <summary>Unix time in seconds, milliseconds, microseconds or nanoseconds, told apart by its size, or ISO 8601; null for anything else.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return FromUnix(number);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : null;
    }

    /// <inheritdoc cref="Parse"/>
    public static DateTimeOffset? FromUnix(double number)
    {
        var seconds = number switch
        {
            <= 0 or double.NaN => double.NaN,
            < MostSeconds => number,
            < MostMilliseconds => number / 1e3,
            < MostMicroseconds => number / 1e6,
            _ => number / 1e9,
        };
        return seconds is > 0 and < MostSeconds ? DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds) : null;
    }
}
