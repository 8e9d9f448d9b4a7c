namespace Monitoring.Alerts.Rules;

/// <summary>The windows of a rule.</summary>
/// <param name="Short">The one by which a value recovers.</param>
/// <param name="Long">The one that it must breach as well.</param>
internal readonly record struct RuleWindows(TimeSpan Short, TimeSpan Long)
{
    /// <summary>
    /// Observations that a percentile must have during the first <see cref="Long"/> after the start, when code is being compiled
    /// and connections are made: a few slow calls are no news then.
    /// </summary>
    public int WarmUpCount { get; init; }

    public bool IsWarmingUp(long second) => WarmUpCount > 0 && second < Long.TotalSeconds;
}
