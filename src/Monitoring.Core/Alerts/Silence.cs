namespace Monitoring.Alerts;

/// <summary>Keeps the alerts that all of its matchers match quiet, from its start to its end. Immutable.</summary>
public sealed record Silence
{
    /// <summary>Identity, given when it is added.</summary>
    public string Id { get; init; } = "";

    /// <summary>What an alert must have; 1 to 20, all of which must match.</summary>
    public required IReadOnlyList<LabelMatcher> Matchers { get; init; }

    /// <summary>When it begins.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends; after its start, and at most 366 days after it.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>Who set it; 1 to 200 characters.</summary>
    public required string Author { get; init; }

    /// <summary>Why; 1 to 1,000 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it keeps alerts quiet at that moment.</summary>
    public bool IsActive(DateTimeOffset now) => now >= StartsAt && now < EndsAt;

    /// <summary>Where it is in its time at that moment.</summary>
    public SilenceState GetState(DateTimeOffset now) => now >= EndsAt ? SilenceState.Ended : now >= StartsAt ? SilenceState.Active : SilenceState.Pending;
}
