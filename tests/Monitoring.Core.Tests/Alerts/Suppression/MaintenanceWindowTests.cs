using FsCheck;
using FsCheck.Fluent;
using Monitoring.Alerts;
using Monitoring.Alerts.Suppression;

namespace Monitoring.Core.Tests.Alerts.Suppression;

public sealed class MaintenanceWindowTests
{
    /// <summary>Weeks in which clocks are set: forwards and backwards, by an hour and by half of one, at midnight, by a whole day; and one in which they are not.</summary>
    public static TheoryData<string, DateTime> Weeks => new()
    {
        { "UTC", new(2026, 3, 25) },
        { "Europe/Berlin", new(2026, 3, 25) },
        { "Europe/Berlin", new(2026, 10, 21) },
        { "America/New_York", new(2026, 3, 4) },
        { "America/New_York", new(2026, 10, 28) },
        { "Australia/Lord_Howe", new(2026, 4, 1) },
        { "Australia/Lord_Howe", new(2026, 9, 30) },
        { "America/Havana", new(2026, 3, 4) },
        { "America/Havana", new(2026, 10, 28) },
        { "Africa/Cairo", new(2026, 4, 21) },
        { "America/St_Johns", new(2010, 3, 10) },
        { "America/St_Johns", new(2010, 11, 3) },
        { "Pacific/Apia", new(2011, 12, 27) },
        { "Asia/Kathmandu", new(2026, 3, 25) },
    };

    [Theory]
    [InlineData("2026-03-29T00:59", false)]
    [InlineData("2026-03-29T01:00", true)]
    [InlineData("2026-03-29T01:59", true)]
    [InlineData("2026-03-29T02:00", false)]
    [InlineData("2026-03-28T01:30", true)]
    [InlineData("2026-03-30T00:30", true)]
    public void A_start_that_the_clock_jumps_over_is_the_jump(string utc, bool expected) =>
        Window("Europe/Berlin", "02:30", "01:00").IsActive(At(utc)).Should().Be(expected);

    [Theory]
    [InlineData("2026-10-25T00:29", false)]
    [InlineData("2026-10-25T00:30", true)]
    [InlineData("2026-10-25T01:29", true)]
    [InlineData("2026-10-25T01:30", false)]
    [InlineData("2026-10-25T02:00", false)]
    public void Of_a_start_that_comes_twice_the_first_one_counts(string utc, bool expected) =>
        Window("Europe/Berlin", "02:30", "01:00").IsActive(At(utc)).Should().Be(expected);

    [Theory]
    [InlineData("2026-01-03T22:59", false)]
    [InlineData("2026-01-03T23:00", true)]
    [InlineData("2026-01-04T01:59", true)]
    [InlineData("2026-01-04T02:00", false)]
    [InlineData("2026-01-04T23:30", false)]
    public void A_window_of_saturday_goes_on_into_sunday(string utc, bool expected) =>
        Window("UTC", "23:00", "03:00", DayOfWeek.Saturday).IsActive(At(utc)).Should().Be(expected);

    [Fact]
    public void A_window_may_last_for_a_week() =>
        Enumerable.Range(0, 24 * 14).Should().OnlyContain(hour => Window("Pacific/Auckland", "04:00", "7.00:00", DayOfWeek.Monday).IsActive(At("2026-06-01T00:00").AddHours(hour)));

    [Theory]
    [MemberData(nameof(Weeks))]
    public void A_window_is_open_whenever_somebody_with_a_watch_would_say_so(string zone, DateTime from) =>
        Prop.ForAll(Windows(zone).ToArbitrary(), options =>
        {
            var window = new MaintenanceWindow(options);
            var open = Oracle(options, new DateTimeOffset(from, TimeSpan.Zero));
            return open.Where(minute => window.IsActive(minute.At) != minute.Open).Select(minute => minute.At).FirstOrDefault() is var wrong && wrong == default
                ? true.ToProperty()
                : false.Label($"{zone}: {options.Start} for {options.Duration} on {string.Join(',', options.Days)} is wrong at {wrong:u}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(6));

    // Sits before the clock of the zone from ten days before, and starts a stop-watch when it first shows the start of a day or more.
    private static List<(DateTimeOffset At, bool Open)> Oracle(MaintenanceWindowOptions options, DateTimeOffset from)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);
        var begun = new HashSet<DateTime>();
        var (openUntil, minutes) = (DateTimeOffset.MinValue, new List<(DateTimeOffset, bool)>());
        var first = TimeZoneInfo.ConvertTime(from.AddDays(-10), zone).DateTime.Date;
        for (var now = from.AddDays(-10); now < from.AddDays(7); now = now.AddMinutes(1))
        {
            var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
            for (var day = local.Date.AddDays(-2); day <= local.Date; day = day.AddDays(1))
            {
                if (day > first && local >= day + options.Start && begun.Add(day) && (options.Days.Count == 0 || options.Days.Contains(day.DayOfWeek)))
                {
                    openUntil = openUntil > now + options.Duration ? openUntil : now + options.Duration;
                }
            }

            if (now >= from)
            {
                minutes.Add((now, now < openUntil));
            }
        }

        return minutes;
    }

    private static Gen<MaintenanceWindowOptions> Windows(string zone) =>
        from start in Gen.OneOf(Gen.Choose(0, 24 * 60 - 1), Gen.Choose(0, 4 * 60))
        from duration in Gen.OneOf(Gen.Choose(1, 240), Gen.Choose(1, 7 * 24 * 60))
        from days in Gen.SubListOf(Enum.GetValues<DayOfWeek>())
        select Options(zone, TimeSpan.FromMinutes(start), TimeSpan.FromMinutes(duration), [.. days]);

    private static MaintenanceWindow Window(string zone, string start, string duration, params DayOfWeek[] days) =>
        new(Options(zone, TimeSpan.Parse(start, null), TimeSpan.Parse(duration, null), days));

    private static MaintenanceWindowOptions Options(string zone, TimeSpan start, TimeSpan duration, DayOfWeek[] days)
    {
        var options = new MaintenanceWindowOptions { Name = "window", TimeZone = zone, Start = start, Duration = duration };
        Array.ForEach(days, options.Days.Add);
        return options;
    }

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse($"{utc}:00Z", null);
}
