namespace Monitoring.TaskQueues;

/// <summary>One task type over one window. Immutable.</summary>
public sealed record TaskTypeSummary
{
    /// <summary>Name of the type; <c>OTHER</c> for everything beyond the first 50.</summary>
    public required string Name { get; init; }

    /// <summary>Tasks done.</summary>
    public long Completed { get; init; }

    /// <summary>Tasks given up.</summary>
    public long Failed { get; init; }

    /// <summary>Mean duration of an attempt.</summary>
    public TimeSpan AverageProcessingTime { get; init; }

    /// <summary>95th percentile of the duration of an attempt.</summary>
    public TimeSpan P95ProcessingTime { get; init; }

    /// <summary>Longest attempt.</summary>
    public TimeSpan MaximumProcessingTime { get; init; }

    /// <summary>The last failed attempts, newest first, whenever they were; at most 10.</summary>
    public IReadOnlyList<TaskFailure> RecentFailures { get; init; } = [];
}
