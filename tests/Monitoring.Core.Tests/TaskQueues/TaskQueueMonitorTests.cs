using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Backpressure;
using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.TaskQueues;

public sealed class TaskQueueMonitorTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _time = new();
    private readonly PerformanceMonitor _monitor;
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    public TaskQueueMonitorTests()
    {
        _monitor = PerformanceMonitor.Create(timeProvider: _time);
        Pass(1);
    }

    private TaskQueueSummary Summary => _monitor.TaskQueue.GetSummary();

    public void Dispose()
    {
        _monitor.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Without_a_queue_it_has_zeros_and_publishes_nothing()
    {
        Pass(5);

        Summary.Should().BeEquivalentTo(new TaskQueueSummary { Window = TimeSpan.FromHours(1) });
        Collect().Should().BeEmpty();
    }

    [Fact]
    public async Task Watches_a_queue_of_others_and_the_loop_that_runs_it()
    {
        var queue = new ForeignQueue().WithMonitoring(_monitor, capacity: 50, workers: 2);
        await queue.EnqueueAsync(Task(() => Pass(3), typeName: "import"));
        await queue.EnqueueAsync(Task(() => throw new IOException("never"), typeName: "import"));
        await queue.EnqueueAsync(Task(() => { }, typeName: "import"));
        Pass(4);

        await (await queue.DequeueAsync(default)).ExecuteAsync(_services, default);
        var failing = await queue.DequeueAsync(default);
        await failing.Invoking(task => task.ExecuteAsync(_services, default).AsTask()).Should().ThrowAsync<IOException>();

        Summary.Should().BeEquivalentTo(new
        {
            CurrentDepth = 1,
            Capacity = 50,
            Workers = 2,
            BusyWorkers = 0,
            Enqueued = 3,
            Completed = 1,
            Failed = 1,
            WaitMaximum = TimeSpan.FromSeconds(7),
            MaximumProcessingTime = TimeSpan.FromSeconds(3),
        });
        Summary.WaitP50.Should().BeCloseTo(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(0.2));
        Summary.Types.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "import", Completed = 1, Failed = 1 });
    }

    [Fact]
    public async Task A_watched_queue_that_throws_is_counted_and_does_no_harm()
    {
        var foreign = new ForeignQueue();
        var queue = foreign.WithMonitoring(_monitor);
        await queue.EnqueueAsync(Task(() => { }));
        foreign.DepthFails = true;
        Pass(1);
        Summary.CurrentDepth.Should().Be(0);
        foreign.DepthFails = false;

        Summary.CurrentDepth.Should().Be(1);
        ((IDisposable)queue).Dispose();
        Summary.CurrentDepth.Should().Be(0);
    }

    [Fact]
    public async Task Utilisation_is_the_busy_share_of_the_workers_time_whenever_it_was()
    {
        var queue = new ForeignQueue().WithMonitoring(_monitor, workers: 2);
        Pass(9);
        await RunAsync(queue, () => Pass(3.5));
        Pass(2.5);
        await RunAsync(queue, () => _time.Advance(TimeSpan.FromMilliseconds(500)));
        Pass(3.5);

        // 4 s of one of two workers within the last 10 s, and within all 19 s that there were workers.
        Summary.CurrentWorkerUtilizationPercent.Should().BeApproximately(20, 0.001);
        Summary.WorkerUtilizationPercent.Should().BeApproximately(100 * 4 / 38.0, 0.001);
    }

    [Fact]
    public async Task A_task_that_is_still_running_counts_as_busy_time()
    {
        var queue = new ForeignQueue().WithMonitoring(_monitor, workers: 1);
        await RunAsync(queue, () =>
        {
            Pass(20);
            Summary.Backpressure.IsDetected.Should().BeFalse("nobody waits for the worker");
            queue.TryEnqueue(Task(() => { })).Should().BeTrue();
            Pass(2);
            Summary.BusyWorkers.Should().Be(1);
            Summary.CurrentWorkerUtilizationPercent.Should().BeApproximately(100, 0.001);
            Summary.Backpressure.Reasons.Should().ContainSingle().Which.Should().StartWith("The workers are busy 100 % of the time");
        });
    }

    [Fact]
    public void Takes_the_latest_measurement_of_a_queue_that_is_watched_from_outside()
    {
        _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "celery", Depth = 5 });
        _monitor.TaskQueue.Record(new TaskQueueMetrics
        {
            Queue = "celery",
            HighDepth = 400,
            NormalDepth = 300,
            LowDepth = 200,
            Capacity = 1000,
            ActiveWorkers = 19,
            TotalWorkers = 20,
            TaskTimeout = TimeSpan.FromSeconds(10),
            OldestTaskAge = TimeSpan.FromSeconds(44),
            ProcessingTimes = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)],
            Enqueued = 8,
            Completed = 2,
            Failed = 1,
        });
        Pass(11);

        Summary.Should().BeEquivalentTo(new
        {
            CurrentDepth = 900,
            DepthByPriority = new { High = 400, Normal = 300, Low = 200 },
            Capacity = 1000,
            Workers = 20,
            BusyWorkers = 19,
            OldestTaskAge = TimeSpan.FromSeconds(44),
            Enqueued = 8,
            Completed = 2,
            Failed = 1,
            MaximumProcessingTime = TimeSpan.FromSeconds(3),
        });
        Summary.CurrentWorkerUtilizationPercent.Should().BeApproximately(95, 0.001);
        Summary.Backpressure.Level.Should().Be(BackpressureLevel.Severe);
    }

    [Fact]
    public void What_a_measurement_does_not_know_is_not_taken_for_none()
    {
        var watched = _monitor.TaskQueue.Queue("celery:mail").Watched;
        _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "celery:mail", Depth = 5 });
        watched.Read().Should().BeEquivalentTo(new { WorkersKnown = false, ArrivalsKnown = false, CompletionsKnown = false, Workers = 0 });

        _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "celery:mail", Depth = 5, TotalWorkers = 0, Enqueued = 0, Completed = 0 });
        watched.Read().Should().BeEquivalentTo(new { WorkersKnown = true, ArrivalsKnown = true, CompletionsKnown = true, Workers = 0 });
    }

    [Fact]
    public void Workers_of_which_nobody_says_whether_they_are_busy_are_no_idle_ones()
    {
        _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "resque:mail", TotalWorkers = 3 });
        Pass(30);
        Summary.Workers.Should().Be(3);
        Collect().Should().NotContain(static reading => reading.Metric == MetricNames.WorkerUtilization);

        _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "resque:mail", TotalWorkers = 3, ActiveWorkers = 3 });
        Pass(30);
        Summary.CurrentWorkerUtilizationPercent.Should().BeApproximately(100, 0.001);
    }

    [Fact]
    public void The_rates_of_a_queue_elsewhere_are_those_between_two_measurements()
    {
        Measure(0, 0);
        Pass(15);
        Measure(300, 150);
        for (var second = 0; second < 15; second++)
        {
            Pass(1);
            _monitor.TaskQueue.GetSummary().Queues.Single().Backpressure.Should().BeEquivalentTo(new { ArrivalRatePerSecond = 20d, CompletionRatePerSecond = 10d });
        }

        void Measure(long enqueued, long completed) =>
            _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "bullmq:mail", Depth = 5, Enqueued = enqueued, Completed = completed, Failed = 0 });
    }

    [Fact]
    public void A_queue_elsewhere_stands_still_while_its_oldest_task_gets_older_from_measurement_to_measurement()
    {
        for (var second = 0; second < 60; second++)
        {
            if (second % 15 == 0)
            {
                _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "rq:mail", Depth = 5, TotalWorkers = 0, OldestTaskAge = TimeSpan.FromSeconds(second) });
            }

            Pass(1);
        }

        _monitor.TaskQueue.GetSummary().Queues.Single().Backpressure.Reasons.Should().Contain(static reason => reason.Contains("no worker", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_queue_elsewhere_goes_on_while_another_task_is_the_oldest_each_time()
    {
        for (var second = 0; second < 60; second++)
        {
            if (second % 15 == 0)
            {
                _monitor.TaskQueue.Record(new TaskQueueMetrics { Queue = "rq:mail", Depth = 5, Enqueued = 0, Completed = second == 0 ? 0 : 90, OldestTaskAge = TimeSpan.FromSeconds(2) });
            }

            Pass(1);
            _monitor.TaskQueue.GetSummary().Queues.Single().Backpressure.IsDetected.Should().BeFalse();
        }
    }

    [Fact]
    public void A_measurement_that_is_not_renewed_is_forgotten()
    {
        _monitor.TaskQueue.Record(new TaskQueueMetrics { Depth = 900, Capacity = 1000 });
        Pass(1);
        Summary.Backpressure.IsDetected.Should().BeTrue();

        Pass(121);
        Summary.CurrentDepth.Should().Be(0);
        Pass(6);
        Summary.Backpressure.IsDetected.Should().BeFalse();
        Collect().Should().BeEmpty();
    }

    [Fact]
    public async Task Publishes_its_series_with_their_context()
    {
        var queue = new BoundedTaskQueue(new TaskQueueOptions { Capacity = 10 }, _time).WithMonitoring(_monitor, workers: 1);
        await RunAsync(queue, () => Pass(2));
        for (var i = 0; i < 9; i++)
        {
            await queue.EnqueueAsync(Task(() => { }));
        }

        Pass(1);
        var readings = Collect();

        readings.Select(reading => reading.Metric).Should().Equal(
            MetricNames.TaskQueueDepth, MetricNames.WorkerUtilization, MetricNames.TaskProcessingTime, MetricNames.TaskQueueOldestAge, MetricNames.Backpressure);
        readings[0].Should().BeEquivalentTo(new { Value = 9.0, Limit = 10.0 });
        readings[1].Value.Should().BeApproximately(100 * 2 / 3.0, 0.01);
        readings[2].Should().BeEquivalentTo(new { Value = 2000.0, Count = 1L });
        readings[3].Value.Should().Be(1000);
        readings[4].Should().BeEquivalentTo(new { Value = (double)BackpressureLevel.Elevated, Text = "The queue holds 9 of 10 tasks (90 %); the limit is 80 %." });
        readings[4].Context!().Should().Contain("depth", "9 (high 0, normal 9, low 0)").And.Contain("capacity", "10")
            .And.Contain("backpressure", "The queue holds 9 of 10 tasks (90 %); the limit is 80 %.");
    }

    [Fact]
    public async Task Counts_what_is_refused_and_says_when_to_come_back()
    {
        var options = new TaskQueueOptions { Capacity = 100, FullMode = TaskQueueFullMode.Reject };
        var queue = new BoundedTaskQueue(options, _time).WithMonitoring(_monitor);
        for (var i = 0; i < 50; i++)
        {
            await RunAsync(queue, () => { });
        }

        Pass(10);
        for (var i = 0; i < 100; i++)
        {
            await queue.EnqueueAsync(Task(() => { }));
        }

        var refused = await queue.Invoking(q => q.EnqueueAsync(Task(() => { })).AsTask()).Should().ThrowAsync<TaskQueueFullException>();
        queue.TryEnqueue(Task(() => { })).Should().BeFalse();

        refused.Which.RetryAfter.Should().Be(TimeSpan.FromSeconds(2), "ten places at five a second");
        Summary.Should().BeEquivalentTo(new { Enqueued = 150, Rejected = 2 });
    }

    [Fact]
    public async Task Tells_rates_and_the_workers_they_need()
    {
        var queue = new BoundedTaskQueue(new TaskQueueOptions { Capacity = 1000 }, _time).WithMonitoring(_monitor);
        Pass(20);
        for (var second = 0; second < 10; second++)
        {
            for (var i = 0; i < 30; i++)
            {
                await queue.EnqueueAsync(Task(() => { }));
            }

            for (var i = 0; i < 10; i++)
            {
                await (await queue.DequeueAsync(default)).ExecuteAsync(_services, default);
            }

            Pass(1);
        }

        var status = Summary.Backpressure;
        status.ArrivalRatePerSecond.Should().BeApproximately(30, 0.1);
        status.CompletionRatePerSecond.Should().BeApproximately(10, 0.1);
        status.EstimatedTimeToFull!.Value.TotalSeconds.Should().BeApproximately(40, 1, "800 places at 20 a second");
        status.EstimatedDrainTime.Should().BeNull();
    }

    [Fact]
    public async Task Tells_fifty_task_types_apart_and_counts_the_rest_together()
    {
        var queue = new ForeignQueue().WithMonitoring(_monitor);
        for (var i = 0; i < 60; i++)
        {
            await RunAsync(queue, () => { }, typeName: $"type-{i}");
        }

        Summary.Types.Should().HaveCount(51);
        Summary.Types.Single(type => type.Name == "OTHER").Completed.Should().Be(10);
        Summary.Completed.Should().Be(60);
        Summary.TypeOverflow.Should().Be(10);
    }

    private static BackgroundTask Task(Action work, string? typeName = null) =>
        BackgroundTask.Create(
            _ =>
            {
                work();
                return ValueTask.CompletedTask;
            },
            typeName: typeName);

    private async Task RunAsync(IBackgroundTaskQueue queue, Action work, string? typeName = null)
    {
        await queue.EnqueueAsync(Task(work, typeName));
        await (await queue.DequeueAsync(default)).ExecuteAsync(_services, default);
    }

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private List<MetricReading> Collect()
    {
        var readings = new List<MetricReading>();
        _monitor.TaskQueue.Collect(readings, Minute);
        return readings;
    }

    /// <summary>The queue of Microsoft's sample, with tasks.</summary>
    private sealed class ForeignQueue : IBackgroundTaskQueue
    {
        private readonly Channel<BackgroundTask> _channel = Channel.CreateUnbounded<BackgroundTask>();

        public bool DepthFails { get; set; }

        public async ValueTask<EnqueueOutcome> EnqueueAsync(BackgroundTask task, CancellationToken cancellationToken = default)
        {
            await _channel.Writer.WriteAsync(task, cancellationToken);
            return EnqueueOutcome.Accepted;
        }

        public bool TryEnqueue(BackgroundTask task) => _channel.Writer.TryWrite(task);

        public ValueTask<BackgroundTask> DequeueAsync(CancellationToken cancellationToken) => _channel.Reader.ReadAsync(cancellationToken);

        public TaskQueueDepth GetDepth() => DepthFails ? throw new IOException("away") : new TaskQueueDepth(0, _channel.Reader.Count, 0);
    }
}
