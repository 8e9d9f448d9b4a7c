namespace Monitoring.Requests;

/// <summary>The time that one request, or another operation, spent in a named part of itself.</summary>
/// <param name="Name">Name of the phase.</param>
/// <param name="Duration">Its time; that of phases of one name side by side adds up.</param>
/// <param name="Count">How often it ran.</param>
public readonly record struct RequestPhase(string Name, TimeSpan Duration, int Count);
