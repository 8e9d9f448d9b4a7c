using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Settings that change while tasks run.</summary>
public sealed class TaskProcessorReloadTests : ProcessorTesting
{
    [Fact]
    public async Task More_workers_start_at_once_and_take_what_waits()
    {
        Options.Workers = 1;
        await StartAsync();
        Held[] held = [await HoldAsync(), await HoldAsync(), await HoldAsync()];
        await Eventually.HoldsAsync(() => Summary is { BusyWorkers: 1, CurrentDepth: 2 });

        Reload(options => options.Workers = 3);

        await Eventually.HoldsAsync(() => Summary is { Workers: 3, BusyWorkers: 3, CurrentDepth: 0 });
        Array.ForEach(held, static task => task.Complete());
        await Eventually.HoldsAsync(() => Summary.Completed == 3);
    }

    [Fact]
    public async Task Surplus_workers_finish_their_task_and_leave()
    {
        Options.Workers = 3;
        await StartAsync();
        Held[] held = [await HoldAsync(), await HoldAsync(), await HoldAsync()];
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 3);

        Reload(options => options.Workers = 1);
        Summary.Should().BeEquivalentTo(new { Workers = 3, BusyWorkers = 3 }, "they are still at work");
        held.Should().OnlyContain(task => !task.Token.IsCancellationRequested);
        Array.ForEach(held, static task => task.Complete());

        await Eventually.HoldsAsync(() => Summary is { Workers: 1, BusyWorkers: 0, Completed: 3 });
        Held[] next = [await HoldAsync(), await HoldAsync()];
        await Eventually.HoldsAsync(() => Summary is { BusyWorkers: 1, CurrentDepth: 1 });
        Array.ForEach(next, static task => task.Complete());
        await Eventually.HoldsAsync(() => Summary.Completed == 5);
    }

    [Fact]
    public async Task Idle_workers_go_before_busy_ones()
    {
        Options.Workers = 4;
        await StartAsync();
        var held = await HoldAsync();
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);

        Reload(options => options.Workers = 1);

        await Eventually.HoldsAsync(() => Summary is { Workers: 1, BusyWorkers: 1 });
        held.Complete();
        await Eventually.HoldsAsync(() => Summary.Completed == 1);
    }

    [Fact]
    public async Task Utilisation_follows_the_number_of_workers()
    {
        Options.Workers = 1;
        await StartAsync();
        var held = await HoldAsync();
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);
        Time.Advance(TimeSpan.FromSeconds(12));
        Summary.CurrentWorkerUtilizationPercent.Should().BeApproximately(100, 1);

        Reload(options => options.Workers = 4);
        await Eventually.HoldsAsync(() => Summary.Workers == 4);
        Time.Advance(TimeSpan.FromSeconds(12));

        Summary.CurrentWorkerUtilizationPercent.Should().BeApproximately(25, 1);
        held.Complete();
    }

    [Fact]
    public async Task Time_limit_and_attempts_hold_for_the_next_attempt()
    {
        await StartAsync();
        Reload(options => (options.TaskTimeout, options.MaxAttempts) = (TimeSpan.FromSeconds(2), 1));

        await Queue.QueueBackgroundWorkItemAsync(static async token => await Task.Delay(Timeout.Infinite, token));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);
        Time.Advance(TimeSpan.FromSeconds(2.1));

        await Eventually.HoldsAsync(() => Summary is { TimedOut: 1, Failed: 1, Retried: 0 });
    }

    [Fact]
    public async Task Options_out_of_range_change_nothing()
    {
        await StartAsync();
        var wrong = () => Processor.Reload(new TaskProcessorOptions { Workers = 0 });

        wrong.Should().Throw<ArgumentException>().WithMessage("*Monitoring:TaskQueue:Workers is 0; allowed: 1 to 1024.*");
        Summary.Workers.Should().Be(2);
    }

    [Fact]
    public async Task Workers_that_come_and_go_all_the_time_lose_no_task_and_end_as_many_as_they_should_be()
    {
        const int Tasks = 20_000;
        Options.Types["limited"] = new TaskTypeOptions { MaxConcurrency = 1 };
        await StartAsync();
        var done = 0;
        var producer = Task.Run(async () =>
        {
            for (var i = 0; i < Tasks; i++)
            {
                await Queue.EnqueueAsync(BackgroundTask.Create(
                    async _ =>
                    {
                        await Task.Yield();
                        Interlocked.Increment(ref done);
                    },
                    typeName: i % 3 == 0 ? "limited" : "free"));
            }
        });
        var random = new Random(1);
        while (!producer.IsCompleted)
        {
            Reload(options => (options.Workers, options.Types["limited"].MaxConcurrency) = (random.Next(1, 9), random.Next(1, 4)));
            await Task.Delay(1);
        }

        await producer;
        Reload(options => options.Workers = 3);

        // With the clock running: what found too many of its type set aside comes back after a while.
        await UntilAsync(() => Summary is { Completed: Tasks, Workers: 3, CurrentDepth: 0 });
        done.Should().Be(Tasks);
    }

    private void Reload(Action<TaskQueueOptions> change)
    {
        change(Options);
        Processor.Reload(Options);
    }
}
