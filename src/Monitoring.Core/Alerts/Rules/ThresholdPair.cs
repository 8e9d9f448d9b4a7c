namespace Monitoring.Alerts.Rules;

/// <summary>Where a value begins to warn and where it turns critical; no number (<see cref="Never"/>) where it never does.</summary>
internal readonly record struct ThresholdPair(double Warning, double Critical, AlertComparison Comparison = AlertComparison.Above)
{
    /// <summary>A threshold that no value breaches: every comparison with it is false.</summary>
    public const double Never = double.NaN;

    public static ThresholdPair Of(TimeSpan warning, TimeSpan? critical) => new(warning.TotalMilliseconds, critical?.TotalMilliseconds ?? Never);

    public double this[AlertLevel level] => level == AlertLevel.Critical ? Critical : Warning;

    /// <summary>
    /// The level of a value, each threshold being moved by a share of itself to where a value counts as gone: 0.1 takes 500
    /// to 450 if values above it breach, and to 550 if values below it do.
    /// </summary>
    public AlertLevel LevelOf(double value, double hysteresis = 0)
    {
        if (Breaches(value, Critical, hysteresis))
        {
            return AlertLevel.Critical;
        }

        return Breaches(value, Warning, hysteresis) ? AlertLevel.Warning : AlertLevel.None;
    }

    /// <summary>Whether a value breaches the threshold of a level.</summary>
    public bool IsBreached(double value, AlertLevel level) => Breaches(value, this[level], 0);

    private bool Breaches(double value, double threshold, double hysteresis)
    {
        var width = Math.Abs(threshold) * hysteresis;
        return Comparison switch
        {
            AlertComparison.Above => value >= threshold - width,
            AlertComparison.Below => value <= threshold + width,
            _ => value == threshold,
        };
    }
}
