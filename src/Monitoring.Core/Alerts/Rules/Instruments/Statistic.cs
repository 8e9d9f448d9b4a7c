using System.Globalization;

namespace Monitoring.Alerts.Rules.Instruments;

/// <summary>What is made of the measurements of an instrument over a window.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Percentile">Of percentiles, which one; 0 to 100.</param>
internal readonly record struct Statistic(StatisticKind Kind, double Percentile = 0)
{
    /// <summary>All that may be written, for messages.</summary>
    public const string Allowed = "rate, sum, count, average, max, last, or p1 to p99.9";

    public bool IsPercentile => Kind is StatisticKind.Percentile or StatisticKind.Maximum or StatisticKind.Natural;

    /// <summary>Reads what is written in options; null when there is no such statistic.</summary>
    public static Statistic? Parse(string? text) => text switch
    {
        null => new(StatisticKind.Natural),
        "rate" => new(StatisticKind.Rate),
        "sum" => new(StatisticKind.Sum),
        "count" => new(StatisticKind.Count),
        "average" => new(StatisticKind.Average),
        "max" => new(StatisticKind.Maximum),
        "last" => new(StatisticKind.Last),
        ['p', .. var digits] when double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percentile) && percentile is >= 1 and <= 99.9 =>
            new(StatisticKind.Percentile, percentile),
        _ => null,
    };
}

/// <summary>Kinds of statistics.</summary>
internal enum StatisticKind
{
    /// <summary>What suits the instrument: a counter's rate, a histogram's 95th percentile, the last value of others.</summary>
    Natural,
    Rate,
    Sum,
    Count,
    Average,
    Maximum,
    Last,
    Percentile,

    /// <summary>The sum since listening began, of which others make windows of their own.</summary>
    Total,

    /// <summary>What was added within the window, also when listening began within it.</summary>
    Part,
}
