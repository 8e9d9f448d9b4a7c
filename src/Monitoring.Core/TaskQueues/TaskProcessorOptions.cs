using Monitoring.Validation;

namespace Monitoring.TaskQueues;

/// <summary>
/// How the tasks of a queue are run. Of one that runs, <see cref="Workers"/>, <see cref="TaskTimeout"/>,
/// <see cref="MaxAttempts"/>, the delays, <see cref="MaxStuckTasks"/>, <see cref="StuckAfter"/>,
/// <see cref="CaptureStackTraces"/> and <see cref="Types"/> can change live.
/// </summary>
public class TaskProcessorOptions
{
    internal static readonly TimeSpan MaximumTimeout = TimeSpan.FromDays(1);
    internal static readonly TimeSpan MinimumTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaximumDrainTimeout = TimeSpan.FromHours(1);

    /// <summary>Tasks that run at the same time. 1 to 1,024; default 8.</summary>
    [Live]
    public int Workers { get; set; } = 8;

    /// <summary>
    /// How long one attempt may take before its token is cancelled, unless the task or its type says otherwise. 10 ms to
    /// 1 day; default 30 s.
    /// </summary>
    [Live]
    public TimeSpan TaskTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a task is tried before it is given up. 1 (no retry) to 100; default 3.</summary>
    [Live]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>
    /// The wait before the second attempt; it doubles with every further one, and up to half of it is taken off at random.
    /// 0 to 1 day; default 1 s.
    /// </summary>
    [Live]
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts. From <see cref="RetryBaseDelay"/> to 1 day; default 1 min.</summary>
    [Live]
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the stop of the host waits for accepted tasks, retries included, before the rest is cancelled and reported
    /// as undone. The host's own <c>ShutdownTimeout</c> (30 s by default) cuts it short. 0 to 1 hour; default 20 s.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a task may go on after its token was cancelled before it counts as stuck. 100 ms to 1 hour; default 5 s.</summary>
    [Live]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many workers that hang in stuck tasks are replaced by new ones, at the same time. 0 to 1,024; default 8.</summary>
    [Live]
    public int MaxStuckTasks { get; set; } = 8;

    /// <summary>Dead letters that are kept; the oldest go first. 0 to 100,000; default 1,000.</summary>
    public int DeadLetterCapacity { get; set; } = 1000;

    /// <summary>Whether the last failures keep stack traces. Default false: type and message.</summary>
    [Live]
    public bool CaptureStackTraces { get; set; }

    /// <summary>What is different for a task type, by its name.</summary>
    [Live]
    public IDictionary<string, TaskTypeOptions> Types { get; } = new Dictionary<string, TaskTypeOptions>(StringComparer.Ordinal);

    internal virtual void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(Workers), Workers, 1, 1024);
        errors.Range(nameof(TaskTimeout), TaskTimeout, MinimumTimeout, MaximumTimeout);
        errors.Range(nameof(MaxAttempts), MaxAttempts, 1, 100);
        errors.Range(nameof(RetryBaseDelay), RetryBaseDelay, TimeSpan.Zero, MaximumTimeout);
        errors.Require(
            RetryMaxDelay >= RetryBaseDelay && RetryMaxDelay <= MaximumTimeout, nameof(RetryMaxDelay), RetryMaxDelay,
            $"RetryBaseDelay ({RetryBaseDelay:c}) to {MaximumTimeout:c}");
        errors.Range(nameof(DrainTimeout), DrainTimeout, TimeSpan.Zero, MaximumDrainTimeout);
        errors.Range(nameof(StuckAfter), StuckAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        errors.Range(nameof(MaxStuckTasks), MaxStuckTasks, 0, 1024);
        errors.Range(nameof(DeadLetterCapacity), DeadLetterCapacity, 0, 100_000);
        foreach (var (name, type) in Types)
        {
            type.Validate(errors.In($"{nameof(Types)}:{name}"));
        }
    }

    /// <summary>For queues and processors built by hand, which no host validates.</summary>
    internal void ThrowIfInvalid(string section = "Monitoring:TaskQueue")
    {
        var errors = new OptionsErrors(section);
        Validate(errors);
        if (errors.Messages.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors.Messages));
        }
    }
}

/// <summary>What is different for the tasks of one type.</summary>
public sealed class TaskTypeOptions
{
    /// <summary>How many run at the same time. 1 to 1,024; null, the default, for as many as there are workers.</summary>
    public int? MaxConcurrency { get; set; }

    /// <summary>How long one attempt may take, unless the task itself says otherwise. 10 ms to 1 day; null, the default, for the processor's setting.</summary>
    public TimeSpan? Timeout { get; set; }

    internal void Validate(OptionsErrors errors)
    {
        errors.Range(nameof(MaxConcurrency), MaxConcurrency ?? 1, 1, 1024);
        errors.Range(nameof(Timeout), Timeout ?? TaskProcessorOptions.MinimumTimeout, TaskProcessorOptions.MinimumTimeout, TaskProcessorOptions.MaximumTimeout);
    }
}
