using System.Threading.Channels;
using Monitoring.Backpressure;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>What the detector is told of a queue, from the counters to the sentence.</summary>
public sealed class QueueBackpressureTests : IDisposable
{
    private readonly FakeClock _time = new();
    private readonly PerformanceMonitor _monitor;

    public QueueBackpressureTests()
    {
        _monitor = PerformanceMonitor.Create(timeProvider: _time);
        Pass(1);
    }

    private BackpressureStatus Status => _monitor.TaskQueue.GetSummary().Backpressure;

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void A_queue_that_nobody_works_on_says_that_there_is_no_worker()
    {
        using var queue = new BoundedTaskQueue(new TaskQueueOptions { Capacity = 10 }, _time);
        queue.WithMonitoring(_monitor).TryEnqueue(NewTask()).Should().BeTrue();

        Pass(9);
        Status.IsDetected.Should().BeFalse("workers may start a little after their queue");

        Pass(6);
        Status.Signals.Should().Contain(BackpressureSignal.NoWorkers);
        Status.Reasons[0].Should().Be("1 task waits and there is no worker.");
        Status.Level.Should().Be(BackpressureLevel.Severe);
        Status.OldestTaskAge.Should().Be(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_paused_queue_says_that_it_is_paused_and_is_not_without_progress()
    {
        using var queue = new BoundedTaskQueue(new TaskQueueOptions { Capacity = 10 }, _time);
        var monitored = queue.WithMonitoring(_monitor, workers: 1);
        await queue.PauseAsync();
        monitored.TryEnqueue(NewTask());

        Pass(29);
        Status.IsDetected.Should().BeFalse();

        Pass(5);
        Status.Signals.Should().Equal(BackpressureSignal.OldestTask);
        Status.Reasons[^1].Should().Be("The queue is paused.");
        Status.Level.Should().Be(BackpressureLevel.Elevated);
    }

    [Fact]
    public async Task Hanging_workers_are_no_progress_and_a_start_ends_it()
    {
        var queue = new ForeignQueue().WithMonitoring(_monitor, capacity: 100, workers: 2);
        queue.TryEnqueue(NewTask());
        queue.TryEnqueue(NewTask());
        await queue.DequeueAsync(default);

        Pass(36);
        Status.Signals.Should().Contain(BackpressureSignal.NoProgress);
        Status.Reasons[0].Should().StartWith("1 task waits, and nothing was started or ended for 3");

        await queue.DequeueAsync(default);
        Pass(20);
        Status.IsDetected.Should().BeFalse();
    }

    [Fact]
    public async Task More_arrivals_than_completions_are_told_with_the_time_to_full()
    {
        var queue = new ForeignQueue().WithMonitoring(_monitor, capacity: 1000, workers: 1);
        for (var second = 0; second < 10; second++)
        {
            for (var i = 0; i < 40; i++)
            {
                queue.TryEnqueue(NewTask());
            }

            await queue.DequeueAsync(default);
            Pass(1);
        }

        Status.Signals.Should().Contain(BackpressureSignal.Arrivals);
        Status.Reasons[0].Should().Be("Arrivals 40/s, completions 0/s: full in 15 s.");
        Status.EstimatedDrainTime.Should().BeNull();
    }

    [Fact]
    public void A_batch_is_no_surplus_of_arrivals()
    {
        var queue = new ForeignQueue().WithMonitoring(_monitor, capacity: 1000, workers: 1);
        for (var i = 0; i < 500; i++)
        {
            queue.TryEnqueue(NewTask());
        }

        Pass(8);

        Status.IsDetected.Should().BeFalse();
    }

    [Fact]
    public async Task Redeliveries_are_told_by_their_share_of_the_deliveries()
    {
        var queue = new ForeignQueue().WithMonitoring(_monitor, workers: 1);
        for (var i = 0; i < 20; i++)
        {
            queue.TryEnqueue(NewTask());
            await queue.DequeueAsync(default);
        }

        for (var i = 0; i < 6; i++)
        {
            _monitor.TaskQueue.Queue(TaskQueueMonitor.DefaultQueue).OnRedelivered();
        }

        Pass(2);

        Status.Reasons.Should().Equal("6 of 20 deliveries in the last 10 s were of tasks that a worker had been given before; the limit is 10 %.");
    }

    [Fact]
    public void A_measurement_without_rates_and_workers_is_judged_by_depth_and_age_only()
    {
        for (var i = 0; i < 20; i++)
        {
            _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "mail", Depth = 100 + 50 * i, OldestTaskAge = TimeSpan.FromSeconds(20 + i) });
            Pass(5);
        }

        Status.Signals.Should().Equal(BackpressureSignal.OldestTask);
    }

    [Fact]
    public void Thresholds_are_taken_over_while_it_runs()
    {
        _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "mail", Depth = 60, Capacity = 100 });
        Pass(2);
        Status.IsDetected.Should().BeFalse();

        _monitor.Reload(new MonitoringOptions { Backpressure = { DepthPercent = 50 } });
        Pass(1);
        Status.Reasons.Should().Equal("The queue holds 60 of 100 tasks (60 %); the limit is 50 %.");

        _monitor.Reload(new MonitoringOptions());
        Pass(6);
        Status.IsDetected.Should().BeFalse("it clears by the new thresholds");
    }

    private static BackgroundTask NewTask() => BackgroundTask.Create(static _ => ValueTask.CompletedTask);

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private sealed class ForeignQueue : IBackgroundTaskQueue
    {
        private readonly Channel<BackgroundTask> _channel = Channel.CreateUnbounded<BackgroundTask>();

        public ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(_channel.Writer.TryWrite(task) ? EnqueueOutcome.Accepted : EnqueueOutcome.Duplicate);

        public bool TryEnqueue(BackgroundTask task) => _channel.Writer.TryWrite(task);

        public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken) => _channel.Reader.ReadAsync(cancellationToken);

        public TaskQueueDepth GetDepth() => new(0, _channel.Reader.Count, 0);
    }
}
