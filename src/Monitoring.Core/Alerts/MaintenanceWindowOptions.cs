using Monitoring.Alerts.Suppression;
using Monitoring.Validation;

namespace Monitoring.Alerts;

/// <summary>A time that comes again and again, in which alerts are kept quiet.</summary>
public sealed class MaintenanceWindowOptions
{
    /// <summary>Its name, unique among the windows. 1 to 100 characters; required.</summary>
    public string? Name { get; set; }

    /// <summary>The days of the week on which it begins. Default empty, which is every day.</summary>
    public IList<DayOfWeek> Days { get; } = [];

    /// <summary>
    /// The time of day at which it begins. 00:00 to 23:59:59; default midnight. A time that the clock jumps over is that of the
    /// jump; of a time that comes twice the first one counts.
    /// </summary>
    public TimeSpan Start { get; set; }

    /// <summary>How long it lasts, as time passes and not as clocks are set. 1 min to 7 days; default 1 h.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The time zone of <see cref="Days"/> and <see cref="Start"/>, by its IANA name such as <c>Europe/Berlin</c>; default <c>UTC</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Which alerts it is about, each written like <c>category=webhook</c> or <c>alertname=~redis-.*</c> (<see cref="LabelMatcher"/>); all must match. Default empty, which is all alerts.</summary>
    public IList<string> Matchers { get; } = [];

    internal void Validate(OptionsErrors errors)
    {
        errors.Require(Name?.Trim().Length is >= 1 and <= 100, nameof(Name), Name, "1 to 100 characters");
        errors.Require(Days.All(Enum.IsDefined), nameof(Days), string.Join(", ", Days), string.Join(", ", Enum.GetNames<DayOfWeek>()));
        errors.Range(nameof(Start), Start, TimeSpan.Zero, new TimeSpan(23, 59, 59));
        errors.Range(nameof(Duration), Duration, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
        errors.Require(TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone ?? "", out _), nameof(TimeZone), TimeZone, "the IANA name of a time zone that this machine knows, such as Europe/Berlin");
        MatcherTexts.Validate(errors, nameof(Matchers), Matchers, least: 0);
    }
}
