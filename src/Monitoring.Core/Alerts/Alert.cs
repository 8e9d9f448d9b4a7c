namespace Monitoring.Alerts;

/// <summary>A condition that deserves attention, from its start to its resolution. Immutable.</summary>
public sealed record Alert
{
    /// <summary>Identity, safe in a URL: <c>[a-z0-9._-]+</c>.</summary>
    public required string Key { get; init; }
}
