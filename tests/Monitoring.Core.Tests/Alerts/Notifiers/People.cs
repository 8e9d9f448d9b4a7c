using System.Globalization;
using System.Text.RegularExpressions;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>How many alerts a text for people tells of.</summary>
internal static partial class People
{
    /// <param name="text">A text on the alerts of <see cref="Notices.Many"/>.</param>
    public static (int Told, int Counted) CountOf(string text) => (
        Key().Matches(text).Select(static match => match.Value).Distinct().Count(),
        int.Parse(More().Match(text).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"redis-operation-latency\.\d{5}")]
    private static partial Regex Key();

    [GeneratedRegex(@"and ([\d,]+) more")]
    private static partial Regex More();
}
