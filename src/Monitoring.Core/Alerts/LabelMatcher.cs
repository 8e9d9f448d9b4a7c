using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Monitoring.Alerts;

/// <summary>
/// Asks for the value of one label of an alert; a label that an alert does not have is empty. Labels are <c>alertname</c>
/// (the rule), <c>instance</c>, <c>category</c>, <c>severity</c>, <c>key</c>, <c>metric</c> and those of the rule; categories
/// and severities are in camelCase (<c>taskQueue</c>, <c>critical</c>). Written <c>label=value</c>, <c>label!=value</c>,
/// <c>label=~expression</c> or <c>label!~expression</c>. Immutable.
/// </summary>
/// <param name="Label">Name of the label: <c>[a-zA-Z_][a-zA-Z0-9_]*</c>, at most 100 characters.</param>
/// <param name="Value">The value, or with <paramref name="IsRegex"/> an expression that the whole value must match; at most 500 characters.</param>
/// <param name="IsRegex">Whether the value is a regular expression. It may not look around or back: it is matched in linear time.</param>
/// <param name="IsEqual">Whether the label must match; false when it must not.</param>
public sealed partial record LabelMatcher(string Label, string Value, bool IsRegex = false, bool IsEqual = true)
{
    internal const string Notation = "label=value, label!=value, label=~expression or label!~expression";

    private const int LongestLabel = 100;
    private const int LongestValue = 500;

    // What is not a function of the input's length times the expression's could be used to hold up the evaluation.
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Reads what <see cref="ToString"/> writes. Whether label and expression are valid is another question (<see cref="AlertSilences.Check"/>).</summary>
    /// <returns>False when there is no operator in it.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LabelMatcher? matcher)
    {
        matcher = Written().Match(text ?? "") is { Success: true } match
            ? new LabelMatcher(match.Groups[1].Value, match.Groups[3].Value, match.Groups[2].Value[^1] == '~', match.Groups[2].Value[0] == '=')
            : null;
        return matcher is not null;
    }

    /// <summary>The matcher as it is written, such as <c>alertname=~redis-.*</c>.</summary>
    public override string ToString() => $"{Label}{(IsEqual ? "=" : "!")}{(IsRegex ? "~" : IsEqual ? "" : "=")}{Value}";

    /// <summary>What is wrong with it; null when nothing is.</summary>
    internal string? Check()
    {
        if (Label is null || Label.Length > LongestLabel || !Name().IsMatch(Label))
        {
            return $"the label is '{Shorten(Label)}'; allowed: [a-zA-Z_][a-zA-Z0-9_]*, at most {LongestLabel} characters";
        }

        if (Value is null || Value.Length > LongestValue)
        {
            return $"the value of '{Label}' is {(Value is null ? "not set" : $"{Value.Length} characters long")}; allowed: at most {LongestValue} characters";
        }

        return !IsRegex || TryCompile(out _) ? null : $"the value of '{Label}' is '{Shorten(Value)}'; allowed: a regular expression that does not look around or back";
    }

    /// <summary>The expression, to be matched by the whole of a value.</summary>
    internal bool TryCompile([NotNullWhen(true)] out Regex? expression)
    {
        try
        {
            // By itself first: "a)|(b" is none, and would be one within our parentheses.
            _ = new Regex(Value, Linear);
            expression = new Regex($@"\A(?:{Value})\z", Linear);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            expression = null;
            return false;
        }
    }

    private static string Shorten(string? text) => text is { Length: > 60 } ? $"{text[..60]}…" : text ?? "";

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]*\z")]
    private static partial Regex Name();

    // The operators that are two characters long first.
    [GeneratedRegex(@"\A\s*([^\s=!~]+)\s*(=~|!~|!=|=)(.*)\z", RegexOptions.Singleline)]
    private static partial Regex Written();
}
