namespace Monitoring.Alerts;

/// <summary>Alerts that fired and were resolved while a channel could not be reached, counted because they were too many to keep.</summary>
/// <param name="Count">How many.</param>
/// <param name="Critical">How many of them were critical.</param>
/// <param name="From">When the first of them fired.</param>
/// <param name="To">When the last of them was resolved.</param>
/// <param name="CountByRule">How many of each rule.</param>
public sealed record AlertDigest(long Count, long Critical, DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<string, long> CountByRule);
