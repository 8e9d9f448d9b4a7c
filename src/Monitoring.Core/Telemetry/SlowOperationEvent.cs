namespace Monitoring.Telemetry;

/// <summary>What kind of operation was slow. Each has an event id and a budget of its own.</summary>
internal enum SlowOperationKind
{
    /// <summary>A request, or another operation that is recorded like one.</summary>
    Request,

    /// <summary>A webhook.</summary>
    Webhook,

    /// <summary>A Redis command.</summary>
    Redis,

    /// <summary>A database query.</summary>
    Query,

    /// <summary>An attempt at a background task.</summary>
    Task,
}

/// <summary>One slow operation, as it is logged. No text in it may hold values, keys or other people's data.</summary>
/// <param name="Kind">What kind of operation it was.</param>
/// <param name="Operation">Its name, of few different ones: a route template, a command, a fingerprint, a task type.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Threshold">From when on it is slow.</param>
/// <param name="Outcome">How it ended, in a word or two.</param>
internal readonly record struct SlowOperationEvent(SlowOperationKind Kind, string Operation, TimeSpan Duration, TimeSpan Threshold, string Outcome)
{
    /// <summary>Where it ran, such as a server or a queue; null where that says nothing.</summary>
    public string? Source { get; init; }

    /// <summary>What else helps to find out why, in a few words; null where there is nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>The trace that it belongs to, 32 hexadecimal digits; null when there is none.</summary>
    public string? TraceId { get; init; }
}
