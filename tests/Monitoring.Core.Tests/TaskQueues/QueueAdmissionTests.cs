using Monitoring.Backpressure;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.TaskQueues;

public sealed class QueueAdmissionTests : IDisposable
{
    private readonly FakeClock _time = new();
    private readonly PerformanceMonitor _monitor;

    public QueueAdmissionTests() => _monitor = PerformanceMonitor.Create(timeProvider: _time);

    private IAdmission Admission => _monitor.TaskQueue.Admission;

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void Counts_what_it_decides_by_priority_and_not_what_it_is_only_asked()
    {
        Measure(depth: 850);

        Admission.Admit(TaskPriority.High).IsAdmitted.Should().BeTrue();
        Admission.Admit().IsAdmitted.Should().BeTrue();
        Admission.Admit(TaskPriority.Low).IsAdmitted.Should().BeFalse();
        Admission.Admit(TaskPriority.Low).IsAdmitted.Should().BeFalse();
        Admission.Preview(TaskPriority.Low).IsAdmitted.Should().BeFalse();

        var summary = _monitor.TaskQueue.GetSummary();
        (summary.Admitted, summary.Refused).Should().Be((2, 2));
        summary.Priorities.Select(priority => (priority.Admitted, priority.Refused)).Should().Equal((1, 0), (1, 0), (0, 2));
    }

    [Fact]
    public void A_queue_nobody_knows_admits_and_is_not_remembered()
    {
        Admission.Admit(TaskPriority.Low, "nobody-knows").Should().Be(new AdmissionDecision { Queue = "nobody-knows", Priority = TaskPriority.Low, IsAdmitted = true });

        _monitor.TaskQueue.GetSummary().Queues.Should().BeEmpty();
    }

    [Fact]
    public void A_priority_that_does_not_exist_is_admitted_rather_than_thrown_at()
    {
        Measure(depth: 10);

        Admission.Admit((TaskPriority)17).IsAdmitted.Should().BeTrue();
    }

    [Fact]
    public void Retry_after_is_spread_and_never_zero()
    {
        Measure(depth: 1000);

        var waits = Enumerable.Range(0, 200).Select(_ => Admission.Preview(TaskPriority.High).RetryAfter.TotalSeconds).ToArray();

        waits.Should().OnlyContain(wait => wait >= 60 && wait <= 75, "nothing is completed, so it is the longest");
        waits.Distinct().Should().HaveCountGreaterThan(100);
    }

    [Theory]
    [InlineData(0, 0.0, 0.0, 5)] // drained; what is left is the hold
    [InlineData(100, 10.0, null, 15)] // would never drain: at the rate of completions
    [InlineData(100, 10.0, 20.0, 25)]
    [InlineData(100, 0.0, null, 60)]
    [InlineData(1_000_000, 1.0, null, 60)]
    public void Retry_after_is_the_drain_time_and_the_hold_within_bounds(int depth, double completions, double? drainSeconds, double seconds)
    {
        var status = new BackpressureStatus
        {
            CompletionRatePerSecond = completions,
            EstimatedDrainTime = drainSeconds is { } drain ? TimeSpan.FromSeconds(drain) : null,
        };

        QueueAdmission.EstimateRetryAfter(status, depth, TimeSpan.FromSeconds(5)).TotalSeconds.Should().Be(seconds);
        QueueAdmission.EstimateRetryAfter(status, depth, TimeSpan.Zero).TotalSeconds.Should().BeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public void High_priority_is_refused_where_its_lane_is_full_and_not_where_a_lower_task_would_make_room()
    {
        using var rejecting = Queue(new TaskQueueOptions { Capacity = 100, HighCapacity = 1, FullMode = TaskQueueFullMode.Reject });
        rejecting.TryEnqueue(Task(TaskPriority.High)).Should().BeTrue();
        Admission.Admit(TaskPriority.High, "rejecting").IsAdmitted.Should().BeTrue("no queue of that name is watched");

        ((IBackgroundTaskQueue)rejecting).WithMonitoring(_monitor, name: "rejecting");
        Admission.Admit(TaskPriority.High, "rejecting").Should().BeEquivalentTo(new { IsAdmitted = false, Reason = "Queue rejecting is full." });
        Admission.Admit(TaskPriority.Normal, "rejecting").IsAdmitted.Should().BeTrue();

        using var dropping = Queue(new TaskQueueOptions { Capacity = 1, FullMode = TaskQueueFullMode.DropLowest });
        ((IBackgroundTaskQueue)dropping).WithMonitoring(_monitor, name: "dropping");
        dropping.TryEnqueue(Task(TaskPriority.Normal)).Should().BeTrue();
        Admission.Admit(TaskPriority.High, "dropping").IsAdmitted.Should().BeTrue();
        Admission.Admit(TaskPriority.Normal, "dropping").IsAdmitted.Should().BeFalse();
    }

    private static BoundedTaskQueue Queue(TaskQueueOptions options) => new(options);

    private static BackgroundTask Task(TaskPriority priority) => BackgroundTask.Create(static _ => ValueTask.CompletedTask, priority);

    private void Measure(int depth)
    {
        _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = TaskQueueMonitor.DefaultQueue, Depth = depth, Capacity = 1000 });
        _time.Advance(TimeSpan.FromSeconds(2));
    }
}
