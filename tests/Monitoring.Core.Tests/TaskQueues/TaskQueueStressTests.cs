using System.Collections.Concurrent;
using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Everything at the same time on real threads: the sums add up, and nobody sleeps on.</summary>
public sealed class TaskQueueStressTests
{
    private const int Producers = 4;
    private const int Consumers = 3;
    private const int TasksEach = 2_000;
    private static readonly string[] Keys = ["a", "b", "c"];
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(TaskQueueFullMode.Wait, 1, null)]
    [InlineData(TaskQueueFullMode.Wait, 16, 3)]
    [InlineData(TaskQueueFullMode.Reject, 16, 3)]
    [InlineData(TaskQueueFullMode.DropLowest, 1, null)]
    [InlineData(TaskQueueFullMode.DropLowest, 16, 5)]
    [InlineData(TaskQueueFullMode.DropLowest, 100, null)]
    public async Task Every_accepted_task_is_done_given_up_dropped_or_left_exactly_once(TaskQueueFullMode mode, int capacity, int? lowCapacity)
    {
        using var monitor = PerformanceMonitor.Create();
        using var queue = new BoundedTaskQueue(new TaskQueueOptions
        {
            Capacity = capacity,
            LowCapacity = lowCapacity,
            FullMode = mode,
            DelayedCapacity = 50,
            DeadLetterCapacity = 20,
        });
        var monitored = queue.WithMonitoring(monitor);
        var stage = new Stage(queue, monitored, mayDrop: mode == TaskQueueFullMode.DropLowest);
        using var end = new CancellationTokenSource();

        var consumers = Enumerable.Range(0, Consumers).Select(seed => OnThread(() => stage.ConsumeAsync(seed, end.Token))).ToArray();
        var disturber = OnThread(() => stage.DisturbAsync(end.Token));
        var producers = Enumerable.Range(0, Producers).Select(seed => OnThread(() => stage.ProduceAsync(seed, TasksEach))).ToArray();
        await Eventually.HoldsAsync(() => stage.Offered > Producers * TasksEach * 3 / 4);
        queue.Stop();
        var acceptedAtStop = queue.Drainable().AcceptedCount;
        await Task.WhenAll(producers);
        await Eventually.HoldsAsync(() => stage.Settled >= queue.Drainable().AcceptedCount);
        await end.CancelAsync();
        await Task.WhenAll([.. consumers, disturber]);

        queue.Drainable().TakeRemaining().Should().BeEmpty();
        queue.GetDepth().Should().BeEquivalentTo(new { Total = 0, Delayed = 0 });
        stage.Violations.Should().BeEmpty();
        queue.Drainable().AcceptedCount.Should().Be(acceptedAtStop, "a stopped queue accepts nothing");
        stage.Settled.Should().Be(acceptedAtStop);
        var summary = monitor.TaskQueue.GetSummary();
        (stage.Accepted + stage.Redriven).Should().Be(acceptedAtStop + summary.Dropped);
        summary.Enqueued.Should().Be(stage.Accepted + stage.Redriven);
    }

    [Fact]
    public async Task A_stop_in_the_middle_leaves_what_was_accepted_and_no_more()
    {
        for (var round = 0; round < 50; round++)
        {
            using var queue = new BoundedTaskQueue(new TaskQueueOptions { Capacity = 10_000 });
            var producers = Enumerable.Range(0, Producers).Select(_ => OnThread(() =>
            {
                var accepted = 0;
                while (queue.TryEnqueue(QueueTesting.NewTask()))
                {
                    accepted++;
                }

                return Task.FromResult(accepted);
            })).ToArray();
            queue.Stop();
            var atStop = queue.Drainable().AcceptedCount;

            var remaining = queue.Drainable().TakeRemaining();

            (await Task.WhenAll(producers)).Sum().Should().Be((int)atStop);
            remaining.Should().HaveCount((int)atStop);
        }
    }

    [Fact]
    public async Task A_worker_that_has_just_gone_to_sleep_is_woken_for_the_next_task()
    {
        using var queue = new BoundedTaskQueue(new TaskQueueOptions());
        var taken = 0;
        using var end = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 2).Select(_ => OnThread(async () =>
        {
            try
            {
                while (true)
                {
                    await queue.DequeueAsync(end.Token);
                    Interlocked.Increment(ref taken);
                }
            }
            catch (OperationCanceledException)
            {
            }
        })).ToArray();

        for (var i = 1; i <= 20_000; i++)
        {
            queue.TryEnqueue(QueueTesting.NewTask()).Should().BeTrue();
            if (i % 3 == 0)
            {
                await Eventually.HoldsAsync(() => Volatile.Read(ref taken) == i);
            }
        }

        await end.CancelAsync();
        await Task.WhenAll(workers);
    }

    private static Task OnThread(Func<Task> work) => Task.Factory.StartNew(work, TaskCreationOptions.LongRunning).Unwrap();

    private static Task<T> OnThread<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, TaskCreationOptions.LongRunning).Unwrap();

    private sealed class Stage(BoundedTaskQueue queue, IBackgroundTaskQueue monitored, bool mayDrop)
    {
        private readonly ConcurrentDictionary<BackgroundTask, bool> _running = new();
        private readonly ConcurrentDictionary<string, BackgroundTask> _keys = new();
        private long _offered;
        private long _accepted;
        private long _redriven;
        private long _settled;

        public ConcurrentBag<string> Violations { get; } = [];

        public long Offered => Volatile.Read(ref _offered);

        public long Accepted => Volatile.Read(ref _accepted);

        public long Redriven => Volatile.Read(ref _redriven);

        public long Settled => Volatile.Read(ref _settled);

        public async Task ProduceAsync(int seed, int count)
        {
            var random = new Random(seed);
            for (var i = 0; i < count; i++)
            {
                Interlocked.Increment(ref _offered);
                var task = QueueTesting.NewTask(
                    (TaskPriority)random.Next(3),
                    random.Next(10) == 0 ? Keys[random.Next(Keys.Length)] : null,
                    random.Next(20) == 0 ? Moment : TimeSpan.Zero);
                if (await TryAsync(task, random))
                {
                    Interlocked.Increment(ref _accepted);
                }
            }
        }

        public async Task ConsumeAsync(int seed, CancellationToken end)
        {
            var random = new Random(seed);
            while (!end.IsCancellationRequested)
            {
                using var impatience = CancellationTokenSource.CreateLinkedTokenSource(end);
                var wait = monitored.DequeueAsync(impatience.Token);
                if (random.Next(4) == 0)
                {
                    _ = impatience.CancelAsync();
                }

                try
                {
                    await SettleAsync(await wait, random);
                }
                catch (OperationCanceledException)
                {
                }
            }
        }

        public async Task DisturbAsync(CancellationToken end)
        {
            var random = new Random(0);
            while (!end.IsCancellationRequested)
            {
                await queue.PauseAsync(CancellationToken.None);
                await Task.Yield();
                await queue.ResumeAsync(CancellationToken.None);
                Interlocked.Add(ref _redriven, await queue.RedriveAsync(cancellationToken: CancellationToken.None));
                if (queue.GetDepth() is var depth && depth.Total > queue.Capacity)
                {
                    Violations.Add($"{depth.Total} wait in {queue.Capacity} places");
                }

                await Task.Delay(random.Next(3), CancellationToken.None);
            }
        }

        private async Task<bool> TryAsync(BackgroundTask task, Random random)
        {
            if (random.Next(4) == 0)
            {
                return monitored.TryEnqueue(task);
            }

            using var impatience = new CancellationTokenSource();
            try
            {
                var wait = monitored.EnqueueAsync(task, impatience.Token);
                if (random.Next(4) == 0)
                {
                    _ = impatience.CancelAsync();
                }

                return await wait != EnqueueOutcome.Duplicate;
            }
            catch (Exception exception) when (exception is OperationCanceledException or TaskQueueFullException or TaskQueueStoppedException)
            {
                return false;
            }
        }

        private async Task SettleAsync(BackgroundTask task, Random random)
        {
            if (!_running.TryAdd(task, true))
            {
                Violations.Add($"{task.Id} was handed out twice");
            }

            var key = task.DeduplicationKey;
            if (key is not null && _keys.GetOrAdd(key, task) != task)
            {
                Violations.Add($"two tasks with the key {key}");
            }

            var (dice, settling) = (random.Next(10), queue.Settling());
            _running.TryRemove(task, out _);
            if (mayDrop && key is not null)
            {
                // Between two attempts it may be dropped, which frees its key without a word to us.
                _keys.TryRemove(key, out _);
            }

            if (dice == 0 && await settling.TryRetryAsync(task, random.Next(2) * Moment))
            {
                return;
            }

            if (key is not null)
            {
                _keys.TryRemove(key, out _);
            }

            if (dice == 1)
            {
                await settling.DeadLetterAsync(task, QueueTesting.LetterOf(task));
            }
            else
            {
                task.Lifecycle = TaskLifecycle.Finished;
                await settling.CompleteAsync(task);
            }

            Interlocked.Increment(ref _settled);
        }
    }
}
