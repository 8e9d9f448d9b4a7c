namespace Monitoring.Alerts.Rules;

/// <summary>Instances as keys of dictionaries, which know no null.</summary>
internal static class SeriesKey
{
    /// <summary>The series of a metric that has no instances.</summary>
    public const string Single = "\0";

    public static string Of(string? instance) => instance ?? Single;

    public static string? Instance(string key) => ReferenceEquals(key, Single) || key == Single ? null : key;
}
