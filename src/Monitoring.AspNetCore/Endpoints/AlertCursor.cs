using System.Globalization;
using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>
/// A place in one of the lists of alerts, in the order in which they are listed: by severity, time and key. It is a place
/// among the alerts and not a number of them, so that no alert is left out or comes twice because others came or went.
/// </summary>
/// <param name="List">Which list.</param>
/// <param name="Severity">The less the more severe; zero where the list is not ordered by it.</param>
/// <param name="Time">Ticks, negative where the newest come first.</param>
/// <param name="Key">Key of the alert.</param>
internal readonly record struct AlertCursor(string List, int Severity, long Time, string Key) : IComparable<AlertCursor>
{
    public const string Active = "active";
    public const string Pending = "pending";
    public const string Resolved = "resolved";

    public static AlertCursor Of(string list, Alert alert) => list switch
    {
        Active => new(list, -(int)alert.Severity, alert.StartedAt.UtcTicks, alert.Key),
        Resolved => new(list, 0, -(alert.ResolvedAt ?? alert.LastSeenAt).UtcTicks, alert.Key),
        _ => new(list, 0, alert.StartedAt.UtcTicks, alert.Key),
    };

    public static AlertCursor? Parse(string text) =>
        text.Split('.', 4) is [Active or Pending or Resolved, var severity, var time, { Length: > 0 } key]
        && int.TryParse(severity, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var rank)
        && long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks)
            ? new AlertCursor(text[..text.IndexOf('.', StringComparison.Ordinal)], rank, ticks, key)
            : null;

    public int CompareTo(AlertCursor other)
    {
        var order = Severity.CompareTo(other.Severity);
        order = order != 0 ? order : Time.CompareTo(other.Time);
        return order != 0 ? order : string.CompareOrdinal(Key, other.Key);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{List}.{Severity}.{Time}.{Key}");
}
