using System.Globalization;

namespace Monitoring.Validation;

/// <summary>
/// Collects what is wrong with options, each message naming the configuration key, the value and what is allowed.
/// </summary>
/// <param name="section">Path of the section that the checked options are bound to, such as <c>Monitoring:Redis</c>.</param>
public sealed class OptionsErrors(string section)
{
    private readonly List<(string Key, string Message)> _errors = [];

    private OptionsErrors(string section, List<(string Key, string Message)> errors)
        : this(section) => _errors = errors;

    /// <summary>The messages so far, in the order of the checks.</summary>
    public IReadOnlyList<string> Messages => [.. _errors.Select(static error => error.Message)];

    /// <summary>The messages with the whole keys that they are about.</summary>
    internal IReadOnlyList<(string Key, string Message)> ByKey => _errors;

    /// <summary>The same collection for a section below this one.</summary>
    public OptionsErrors In(string name) => new($"{section}:{name}", _errors);

    /// <summary>Adds a message unless <paramref name="value"/> lies within the inclusive range.</summary>
    public void Range<T>(string key, T value, T minimum, T maximum)
        where T : IComparable<T>
    {
        // NaN compares below everything, so it is refused here too.
        if (value.CompareTo(minimum) < 0 || value.CompareTo(maximum) > 0)
        {
            Add(key, value, $"{Text(minimum)} to {Text(maximum)}");
        }
    }

    /// <summary>Adds a message unless <paramref name="valid"/>; <paramref name="allowed"/> completes "allowed: …".</summary>
    public void Require(bool valid, string key, object? value, string allowed)
    {
        if (!valid)
        {
            Add(key, value, allowed);
        }
    }

    private void Add(string key, object? value, string allowed) =>
        _errors.Add(($"{section}:{key}", $"{section}:{key} is {Text(value)}; allowed: {allowed}."));

    private static string Text(object? value) => value switch
    {
        null => "not set",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => $"'{value}'",
    };
}
