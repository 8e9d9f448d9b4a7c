using Monitoring.Validation;

namespace Monitoring.TaskQueues;

/// <summary>The in-process queue and its workers (section <c>Monitoring:TaskQueue</c>). Read once, when the queue and the workers start.</summary>
public sealed class TaskQueueOptions
{
    internal static readonly TimeSpan MaximumTimeout = TimeSpan.FromDays(1);
    private static readonly TimeSpan MinimumTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaximumDrainTimeout = TimeSpan.FromHours(1);

    /// <summary>Tasks that may wait, all priorities together. 1 to 1,000,000; default 1,000.</summary>
    public int Capacity { get; set; } = 1000;

    /// <summary>Tasks that run at the same time. 1 to 1,024; default 8.</summary>
    public int Workers { get; set; } = 8;

    /// <summary>What enqueueing into a full queue does: <c>Wait</c> for a place or <c>Reject</c>. Default <c>Wait</c>.</summary>
    public TaskQueueFullMode FullMode { get; set; } = TaskQueueFullMode.Wait;

    /// <summary>
    /// How many tasks of higher priority may go ahead of a waiting one of lower priority before that gets a turn, so that
    /// it does not starve. 1 to 1,000 tasks; default 8.
    /// </summary>
    public int PriorityWeight { get; set; } = 8;

    /// <summary>
    /// How long one attempt may take before its token is cancelled, unless the task says otherwise. 10 ms to 1 day;
    /// default 30 s.
    /// </summary>
    public TimeSpan TaskTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a task is tried before it is given up. 1 (no retry) to 100; default 3.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>
    /// The wait before the second attempt; it doubles with every further one, and up to half of it is taken off at random.
    /// 0 to 1 day; default 1 s.
    /// </summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts. From <see cref="RetryBaseDelay"/> to 1 day; default 1 min.</summary>
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long the stop of the host waits for accepted tasks, retries included, before the rest is cancelled and reported
    /// as undone. The host's own <c>ShutdownTimeout</c> (30 s by default) cuts it short. 0 to 1 hour; default 20 s.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(Capacity), Capacity, 1, 1_000_000);
        errors.Range(nameof(Workers), Workers, 1, 1024);
        errors.Require(Enum.IsDefined(FullMode), nameof(FullMode), FullMode, "Wait or Reject");
        errors.Range(nameof(PriorityWeight), PriorityWeight, 1, 1000);
        errors.Range(nameof(TaskTimeout), TaskTimeout, MinimumTimeout, MaximumTimeout);
        errors.Range(nameof(MaxAttempts), MaxAttempts, 1, 100);
        errors.Range(nameof(RetryBaseDelay), RetryBaseDelay, TimeSpan.Zero, MaximumTimeout);
        errors.Require(
            RetryMaxDelay >= RetryBaseDelay && RetryMaxDelay <= MaximumTimeout, nameof(RetryMaxDelay), RetryMaxDelay,
            $"RetryBaseDelay ({RetryBaseDelay:c}) to {MaximumTimeout:c}");
        errors.Range(nameof(DrainTimeout), DrainTimeout, TimeSpan.Zero, MaximumDrainTimeout);
    }

    /// <summary>For queues and processors built by hand, which no host validates.</summary>
    internal void ThrowIfInvalid()
    {
        var errors = new OptionsErrors("Monitoring:TaskQueue");
        Validate(errors);
        if (errors.Messages.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors.Messages));
        }
    }
}
