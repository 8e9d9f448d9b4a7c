namespace Monitoring.Alerts.Rules;

/// <summary>Where a value begins to warn and where it turns critical; infinity where it never does.</summary>
internal readonly record struct ThresholdPair(double Warning, double Critical)
{
    public static ThresholdPair Of(TimeSpan warning, TimeSpan? critical) =>
        new(warning.TotalMilliseconds, critical?.TotalMilliseconds ?? double.PositiveInfinity);

    public double this[AlertLevel level] => level == AlertLevel.Critical ? Critical : Warning;

    /// <summary>The level of a value, each threshold being lowered to <paramref name="share"/> of itself.</summary>
    public AlertLevel LevelOf(double value, double share = 1)
    {
        if (value >= Critical * share)
        {
            return AlertLevel.Critical;
        }

        return value >= Warning * share ? AlertLevel.Warning : AlertLevel.None;
    }
}
