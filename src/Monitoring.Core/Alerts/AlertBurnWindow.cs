namespace Monitoring.Alerts;

/// <summary>A pair of windows over which an objective's error budget must not be used up too fast.</summary>
public sealed class AlertBurnWindow
{
    /// <summary>How many times faster than allowed is too fast. 0.1 to 1,000.</summary>
    public double Factor { get; set; }

    /// <summary>The window that says that it matters. 1 min to 30 days.</summary>
    public TimeSpan Window { get; set; }

    /// <summary>The window that says that it goes on, by which it recovers too. 10 s to <see cref="Window"/>.</summary>
    public TimeSpan ShortWindow { get; set; }

    /// <summary>How bad it is.</summary>
    public AlertSeverity Severity { get; set; } = AlertSeverity.Critical;
}
