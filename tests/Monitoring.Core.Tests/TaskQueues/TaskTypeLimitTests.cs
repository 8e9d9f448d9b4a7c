using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>What is different for the tasks of one type.</summary>
public sealed class TaskTypeLimitTests : ProcessorTesting
{
    public TaskTypeLimitTests()
    {
        Options.Workers = 3;
        Options.Types["export"] = new TaskTypeOptions { MaxConcurrency = 1 };
    }

    [Fact]
    public async Task No_more_tasks_of_a_type_run_than_it_may_and_the_other_workers_go_on_with_others()
    {
        await StartAsync();
        Held[] exports = [await HoldAsync("export"), await HoldAsync("export"), await HoldAsync("export"), await HoldAsync("export")];
        for (var i = 0; i < 10; i++)
        {
            await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);
        }

        await Eventually.HoldsAsync(() => Summary is { Completed: 10, BusyWorkers: 1, CurrentDepth: 3 }, "those that wait for their type are waiting tasks");
        for (var started = 1; started <= exports.Length; started++)
        {
            await Eventually.HoldsAsync(() => exports.Count(static task => task.Starts == 1) == started);
            Summary.BusyWorkers.Should().Be(1);
            Array.ForEach(exports, static task =>
            {
                if (task.Starts == 1)
                {
                    task.Complete();
                }
            });
        }

        await Eventually.HoldsAsync(() => Summary is { Completed: 14, CurrentDepth: 0 });
    }

    [Fact]
    public async Task Tasks_of_a_type_start_in_their_order_and_urgent_ones_first()
    {
        Options.Workers = 2;
        await StartAsync();
        var first = await HoldAsync("export");
        await Eventually.HoldsAsync(() => first.Starts == 1);
        var order = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            var number = i;
            await Queue.EnqueueAsync(BackgroundTask.Create(
                _ =>
                {
                    order.Add(number);
                    return ValueTask.CompletedTask;
                },
                number < 4 ? TaskPriority.Low : TaskPriority.High,
                "export"));
        }

        await Eventually.HoldsAsync(() => Bounded.GetDepth().Total == 0 && Summary.CurrentDepth == 6);
        Summary.DepthByPriority.Should().BeEquivalentTo(new { High = 2, Normal = 0, Low = 4 });
        first.Complete();

        await Eventually.HoldsAsync(() => Summary.Completed == 7);
        order.Should().Equal(4, 5, 0, 1, 2, 3);
    }

    [Fact]
    public async Task A_task_that_waited_for_its_type_has_waited_until_it_started()
    {
        await StartAsync();
        var first = await HoldAsync("export");
        await Eventually.HoldsAsync(() => first.Starts == 1);
        var second = await HoldAsync("export");
        await Eventually.HoldsAsync(() => Bounded.GetDepth().Total == 0 && Summary.CurrentDepth == 1);
        Time.Advance(TimeSpan.FromSeconds(3));
        Summary.OldestTaskAge.Should().BeCloseTo(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.1));

        first.Complete();
        await Eventually.HoldsAsync(() => second.Starts == 1);

        Summary.WaitMaximum.Should().BeCloseTo(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.1));
        second.Complete();
    }

    [Fact]
    public async Task A_failed_task_gives_its_place_to_the_next_one_while_it_waits_for_its_retry()
    {
        Options.RetryBaseDelay = TimeSpan.FromSeconds(10);
        await StartAsync();
        var failing = await HoldAsync("export");
        await Eventually.HoldsAsync(() => failing.Starts == 1);
        var next = await HoldAsync("export");

        failing.Fail();

        await Eventually.HoldsAsync(() => next.Starts == 1 && Summary.AwaitingRetry == 1);
        next.Complete();
        await Eventually.HoldsAsync(() => Summary.Completed == 1);
    }

    [Fact]
    public async Task A_higher_limit_lets_those_go_that_wait_and_no_limit_all_of_them()
    {
        Options.Workers = 4;
        await StartAsync();
        Held[] exports = [await HoldAsync("export"), await HoldAsync("export"), await HoldAsync("export"), await HoldAsync("export")];
        await Eventually.HoldsAsync(() => Bounded.GetDepth().Total == 0 && Summary is { BusyWorkers: 1, CurrentDepth: 3 });

        Options.Types["export"].MaxConcurrency = 2;
        Processor.Reload(Options);
        await Eventually.HoldsAsync(() => Summary is { BusyWorkers: 2, CurrentDepth: 2 });
        Options.Types.Clear();
        Processor.Reload(Options);

        await Eventually.HoldsAsync(() => Summary is { BusyWorkers: 4, CurrentDepth: 0 });
        Array.ForEach(exports, static task => task.Complete());
        await Eventually.HoldsAsync(() => Summary.Completed == 4);
    }

    [Fact]
    public async Task While_the_queue_is_paused_no_waiting_one_starts_and_afterwards_they_go_on()
    {
        await StartAsync();
        var first = await HoldAsync("export");
        await Eventually.HoldsAsync(() => first.Starts == 1);
        var second = await HoldAsync("export");
        await Eventually.HoldsAsync(() => first.Starts == 1 && Bounded.GetDepth().Total == 0 && Summary.CurrentDepth == 1);

        await Bounded.PauseAsync();
        first.Complete();
        await Eventually.HoldsAsync(() => Summary is { Completed: 1, BusyWorkers: 0 });
        Time.Advance(TimeSpan.FromSeconds(10));
        second.Starts.Should().Be(0);
        await Bounded.ResumeAsync();
        Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(() => second.Starts == 1);
        second.Complete();
        await Eventually.HoldsAsync(() => Summary.Completed == 2);
    }

    [Fact]
    public async Task A_worker_that_leaves_passes_its_place_on()
    {
        Options.Workers = 2;
        await StartAsync();
        var export = await HoldAsync("export");
        await Eventually.HoldsAsync(() => export.Starts == 1);
        var next = await HoldAsync("export");
        await Eventually.HoldsAsync(() => export.Starts == 1 && Bounded.GetDepth().Total == 0 && Summary.CurrentDepth == 1);
        var other = await HoldAsync();
        await Eventually.HoldsAsync(() => other.Starts == 1);

        // Both are busy, so one of them is told to leave, whichever it is; the other one is idle when the export ends.
        Options.Workers = 1;
        Processor.Reload(Options);
        other.Complete();
        export.Complete();

        await Eventually.HoldsAsync(() => next.Starts == 1 && Summary.Workers == 1);
        next.Complete();
        await Eventually.HoldsAsync(() => Summary.Completed == 3);
    }

    [Fact]
    public async Task More_waiting_tasks_than_the_processor_takes_on_stay_with_the_queue_and_block_nobody()
    {
        const int Many = 1_200;
        Options.Capacity = 2_000;
        await StartAsync();
        var first = await HoldAsync("export");
        await Eventually.HoldsAsync(() => first.Starts == 1);
        var done = 0;
        for (var i = 0; i < Many; i++)
        {
            await Queue.EnqueueAsync(BackgroundTask.Create(
                _ =>
                {
                    Interlocked.Increment(ref done);
                    return ValueTask.CompletedTask;
                },
                typeName: "export"));
        }

        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary.Completed == 1, "the other one overtakes them all");
        await Eventually.HoldsAsync(() => Summary is { Delayed: Many - 1_000, AwaitingRetry: 0 });
        Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => Summary is { Delayed: Many - 1_000, AwaitingRetry: 0 } && Bounded.GetDepth().Total == 0, "they were asked again");

        first.Complete();
        await UntilAsync(() => Summary.Completed == Many + 2);
        done.Should().Be(Many);
    }

    [Fact]
    public async Task A_types_time_limit_goes_before_the_general_one_and_a_tasks_own_before_both()
    {
        (Options.MaxAttempts, Options.TaskTimeout) = (1, TimeSpan.FromMinutes(10));
        Options.Types["report"] = new TaskTypeOptions { Timeout = TimeSpan.FromSeconds(5) };
        await StartAsync();
        await Queue.EnqueueAsync(BackgroundTask.Create(WaitAsync, typeName: "report"));
        await Queue.EnqueueAsync(BackgroundTask.Create(WaitAsync, typeName: "report", timeout: TimeSpan.FromSeconds(20)));
        await Queue.EnqueueAsync(BackgroundTask.Create(WaitAsync));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 3);

        Time.Advance(TimeSpan.FromSeconds(5.1));
        await Eventually.HoldsAsync(() => Summary.TimedOut == 1);
        Time.Advance(TimeSpan.FromSeconds(14.5));
        Summary.TimedOut.Should().Be(1);
        Time.Advance(TimeSpan.FromSeconds(0.6));

        await Eventually.HoldsAsync(() => Summary is { TimedOut: 2, BusyWorkers: 1 });

        static async ValueTask WaitAsync(CancellationToken token) => await Task.Delay(Timeout.Infinite, token);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_limit_is_never_exceeded_whatever_the_load(int limit)
    {
        const int Tasks = 6_000;
        (Options.Workers, Options.MaxAttempts, Options.RetryBaseDelay, Options.RetryMaxDelay) = (6, 3, TimeSpan.Zero, TimeSpan.Zero);
        Options.Types["export"].MaxConcurrency = limit;
        await StartAsync();
        var (running, most, ended) = (0, 0, 0);
        for (var i = 0; i < Tasks; i++)
        {
            var number = i;
            await Queue.EnqueueAsync(BackgroundTask.Create(
                async _ =>
                {
                    var now = Interlocked.Increment(ref running);
                    most = Math.Max(most, now);
                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                    if (number % 7 == 0)
                    {
                        throw new IOException("never");
                    }

                    Interlocked.Increment(ref ended);
                },
                typeName: "export"));
        }

        await UntilAsync(() => Summary is { CurrentDepth: 0, AwaitingRetry: 0, BusyWorkers: 0 } && Summary.Completed + Summary.Failed == Tasks);
        most.Should().Be(limit);
        ended.Should().Be((int)Summary.Completed);
    }
}
