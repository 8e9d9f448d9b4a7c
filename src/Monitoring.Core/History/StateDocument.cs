namespace Monitoring.History;

/// <summary>One document of an <see cref="IStateStore"/>.</summary>
/// <param name="Kind">What kind of document it is, such as <c>alert</c>; 1 to 50 characters.</param>
/// <param name="Key">Identity within its kind; 1 to 400 characters.</param>
/// <param name="Value">Its text, JSON; null means that there is none any more.</param>
public readonly record struct StateDocument(string Kind, string Key, string? Value);
