using Monitoring.Backpressure;
using Monitoring.Latency;

namespace Monitoring.TaskQueues.Recording;

/// <summary>One queue over one window, in parts that can be added up. Immutable.</summary>
internal sealed record QueueSnapshot
{
    public required string Name { get; init; }

    public QueueState State { get; init; }

    /// <summary>By type: its series by priority, and its last failures, newest first.</summary>
    public (string Name, TaskSeriesSnapshot?[] Series, IReadOnlyList<TaskFailure> Failures)[] Types { get; init; } = [];

    public PrioritySnapshot[] Priorities { get; init; } = [];

    public int Busy { get; init; }

    public UtilizationIntegrals CurrentUtilization { get; init; }

    public UtilizationIntegrals Utilization { get; init; }

    public long Retried { get; init; }

    public long TimedOut { get; init; }

    public long DeadLettered { get; init; }

    public long Undone { get; init; }

    public long Redelivered { get; init; }

    public long TypeOverflow { get; init; }

    public BackpressureStatus Backpressure { get; init; } = BackpressureStatus.None;
}

/// <summary>What one priority did before its tasks ran.</summary>
internal sealed record PrioritySnapshot(LatencySnapshot Waits, long Enqueued, long Rejected, long Duplicates, long Dropped, long Admitted, long Refused);

/// <summary>Time that workers were busy and time that there were workers, in the same unit.</summary>
internal readonly record struct UtilizationIntegrals(long Busy, long Available)
{
    /// <summary>0–100; null without workers.</summary>
    public double? Percent => Available <= 0 ? null : Math.Clamp(100.0 * Busy / Available, 0, 100);

    public static UtilizationIntegrals operator +(UtilizationIntegrals left, UtilizationIntegrals right) =>
        new(left.Busy + right.Busy, left.Available + right.Available);
}
