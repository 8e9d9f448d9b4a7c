namespace Monitoring.TaskQueues;

/// <summary>
/// A failed attempt, as it is kept for whoever wants to know why tasks of a type fail. Immutable. The message is the
/// exception's own and may hold what should not be seen by everybody, such as keys or personal data: an application whose
/// messages do should guard the API accordingly.
/// </summary>
public sealed record TaskFailure
{
    /// <summary>When the attempt ended.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Identity of the task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Which attempt it was, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>Whether its time was over.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Full name of the exception's type; of an <see cref="AggregateException"/> with a single inner one, that one's.</summary>
    public required string ExceptionType { get; init; }

    /// <summary>The exception's message, cut at 1,000 characters.</summary>
    public required string Message { get; init; }

    /// <summary>Where it was thrown, cut at 8,000 characters; null unless <see cref="TaskProcessorOptions.CaptureStackTraces"/> is set.</summary>
    public string? StackTrace { get; init; }
}
