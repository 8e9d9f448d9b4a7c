using System.Globalization;

namespace Monitoring.Alerts;

/// <summary>Numbers and names as an alert's message shows them.</summary>
internal static class AlertText
{
    private const int LongestName = 100;

    /// <summary>A value with its unit, at a precision that a person reads: <c>612 ms</c>, <c>1.4 s</c>, <c>12.5 %</c>.</summary>
    public static string Quantity(double value, string unit)
    {
        // Three significant digits say enough; whole tasks and whole milliseconds stay whole.
        var (number, shown) = unit == "ms" && Math.Abs(value) >= 1000 ? (value / 1000, "s") : (value, unit);
        var text = number.ToString(Math.Abs(number) >= 100 ? "0" : "0.##", CultureInfo.InvariantCulture);
        return shown.Length == 0 ? text : $"{text} {shown}";
    }

    /// <summary>A length of time as a person says it: <c>30 s</c>, <c>5 min</c>, <c>6 h</c>, <c>3 days</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var (number, unit) =
            time >= TimeSpan.FromDays(2) && time.Ticks % TimeSpan.TicksPerDay == 0 ? (time.TotalDays, "days")
            : time >= TimeSpan.FromHours(1) && time.Ticks % TimeSpan.TicksPerHour == 0 ? (time.TotalHours, "h")
            : time >= TimeSpan.FromMinutes(1) && time.Ticks % TimeSpan.TicksPerMinute == 0 ? (time.TotalMinutes, "min")
            : (time.TotalSeconds, "s");
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.###} {unit}");
    }

    /// <summary>A name from outside, shortened and without line breaks that would forge a line of a log.</summary>
    public static string Name(string? name, int longest = LongestName)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return "(unnamed)";
        }

        return string.Create(Math.Min(name.Length, longest), name, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }
}
