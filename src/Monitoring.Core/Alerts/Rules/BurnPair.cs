namespace Monitoring.Alerts.Rules;

/// <summary>A pair of windows and how many times too fast is too fast.</summary>
internal readonly record struct BurnPair(double Factor, TimeSpan Long, TimeSpan Short, AlertLevel Level)
{
    /// <summary>Two pages and a ticket: "The Site Reliability Workbook", chapter 5, table 5-8.</summary>
    public static readonly BurnPair[] Defaults =
    [
        new(14.4, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), AlertLevel.Critical),
        new(6, TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), AlertLevel.Critical),
        new(1, TimeSpan.FromDays(3), TimeSpan.FromHours(6), AlertLevel.Warning),
    ];

    public static BurnPair[] From(IList<AlertBurnWindow> windows) => windows.Count == 0
        ? Defaults
        : [.. windows.Select(static window => new BurnPair(window.Factor, window.Window, window.ShortWindow, (AlertLevel)window.Severity))];
}
