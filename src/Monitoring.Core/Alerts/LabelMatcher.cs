namespace Monitoring.Alerts;

/// <summary>
/// Asks for the value of one label of an alert; a label that an alert does not have is empty. Labels are <c>alertname</c>
/// (the rule), <c>instance</c>, <c>category</c>, <c>severity</c>, <c>key</c> and those of the rule.
/// </summary>
/// <param name="Label">Name of the label: <c>[a-zA-Z_][a-zA-Z0-9_]*</c>.</param>
/// <param name="Value">The value, or with <paramref name="IsRegex"/> an expression that the whole value must match; at most 500 characters.</param>
/// <param name="IsRegex">Whether the value is a regular expression.</param>
/// <param name="IsEqual">Whether the label must match; false when it must not.</param>
public sealed record LabelMatcher(string Label, string Value, bool IsRegex = false, bool IsEqual = true);
