namespace Monitoring.Alerts.Suppression;

/// <summary>
/// A window that comes again on days of the week, in a time zone. It begins at the first moment at which the clocks of the
/// zone show its time of day or, where they jump over it, at the jump; it ends when its duration has passed. So it lasts as
/// long on the days on which clocks are set as on any other, and there is one each day. Immutable.
/// </summary>
internal sealed class MaintenanceWindow
{
    // Offsets lie between -14 and +14 hours, and are changed by a day at most (Samoa has left one out).
    private static readonly TimeSpan Reach = TimeSpan.FromHours(40);

    private readonly HashSet<DayOfWeek> _days;
    private readonly TimeSpan _start;
    private readonly TimeSpan _duration;
    private readonly TimeZoneInfo _zone;

    /// <summary>Takes over valid options.</summary>
    public MaintenanceWindow(MaintenanceWindowOptions options)
    {
        Name = options.Name!;
        _days = options.Days.Count == 0 ? [.. Enum.GetValues<DayOfWeek>()] : [.. options.Days];
        _start = options.Start;
        _duration = options.Duration;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);
    }

    public string Name { get; }

    public bool IsActive(DateTimeOffset now)
    {
        // One that began days ago may still last; and where clocks are set back across midnight, tomorrow has been before.
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, _zone).DateTime);
        for (var day = today.AddDays(-2 - (int)_duration.TotalDays); day <= today.AddDays(1); day = day.AddDays(1))
        {
            if (_days.Contains(day.DayOfWeek) && StartOn(day) is var start && now >= start && now < start + _duration)
            {
                return true;
            }
        }

        return false;
    }

    private DateTimeOffset StartOn(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue) + _start;
        var utc = new DateTimeOffset(local, TimeSpan.Zero);
        DateTimeOffset? first = null;
        foreach (var offset in (ReadOnlySpan<TimeSpan>)[_zone.GetUtcOffset(utc - Reach), _zone.GetUtcOffset(utc), _zone.GetUtcOffset(utc + Reach)])
        {
            var candidate = utc - offset;
            if (Local(candidate) == local && (first is null || candidate < first))
            {
                first = candidate;
            }
        }

        return first ?? JumpOver(local, utc - Reach, utc + Reach);
    }

    // The clock is before the time at first and after it at last, and jumps in between: halving finds the moment.
    private DateTimeOffset JumpOver(DateTime local, DateTimeOffset before, DateTimeOffset after)
    {
        while ((after - before).Ticks > 1)
        {
            var middle = before + (after - before) / 2;
            (before, after) = Local(middle) < local ? (middle, after) : (before, middle);
        }

        return after;
    }

    private DateTime Local(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, _zone).DateTime;
}
