namespace Monitoring.Redis.Decorators;

/// <summary>One line of the classification table, for a decorator that learns its members at run time.</summary>
/// <param name="Member">Name of the member without Async.</param>
/// <param name="ParameterType">Type that one parameter must have, or null for all overloads.</param>
/// <param name="IsCommand">Whether a command stands behind it.</param>
/// <param name="Commands">Indexes among which <paramref name="Argument"/> chooses; empty when it is the command itself.</param>
/// <param name="Argument">Parameter that chooses or names the command, or null.</param>
internal sealed record CommandRule(string Member, string? ParameterType, bool IsCommand, int[] Commands, string? Argument);
