namespace Monitoring.Alerts;

/// <summary>What is wrong with a silence.</summary>
/// <param name="Field">Which part of it, as JSON names it: <c>matchers</c>, <c>startsAt</c>, <c>endsAt</c>, <c>author</c> or <c>reason</c>.</param>
/// <param name="Message">What it is, and what is allowed.</param>
public readonly record struct SilenceError(string Field, string Message);
