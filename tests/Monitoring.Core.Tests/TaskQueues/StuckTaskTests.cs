using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;
using NSubstitute;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>Tasks that ignore their token.</summary>
public sealed class StuckTaskTests : ProcessorTesting
{
    public StuckTaskTests()
    {
        (Options.TaskTimeout, Options.StuckAfter, Options.MaxAttempts) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), 1);
        Options.Workers = 1;
    }

    [Fact]
    public async Task A_task_that_goes_on_after_its_token_was_cancelled_is_stuck_and_its_worker_is_replaced()
    {
        await StartAsync();
        var stuck = await HoldAsync();
        await Eventually.HoldsAsync(() => stuck.Starts == 1);
        Time.Advance(TimeSpan.FromSeconds(10.1));
        stuck.Token.IsCancellationRequested.Should().BeTrue();
        Time.Advance(TimeSpan.FromSeconds(4.8));
        Summary.StuckTasks.Should().Be(0);

        Time.Advance(TimeSpan.FromSeconds(0.3));

        Summary.Should().BeEquivalentTo(new { StuckTasks = 1, Workers = 1, Running = 1, Failed = 0, TimedOut = 0 }, "it still runs");
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);
        await Eventually.HoldsAsync(() => Summary.Completed == 1, "another worker does what waits");
        stuck.Fail();
        await Eventually.HoldsAsync(() => Summary is { StuckTasks: 0, Workers: 1, TimedOut: 1, Failed: 1, Running: 0 });
    }

    [Fact]
    public async Task It_is_repeated_when_it_has_ended_and_not_before()
    {
        (Options.MaxAttempts, Options.RetryBaseDelay, Options.RetryMaxDelay) = (2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await StartAsync();
        var stuck = await HoldAsync();
        await Eventually.HoldsAsync(() => stuck.Starts == 1);
        await UntilAsync(() => Summary.StuckTasks == 1);
        Time.Advance(TimeSpan.FromMinutes(1));
        stuck.Starts.Should().Be(1);

        stuck.Fail();

        await Eventually.HoldsAsync(() => Summary.AwaitingRetry == 1);
        Time.Advance(TimeSpan.FromSeconds(1.1));
        await Eventually.HoldsAsync(() => Summary.Failed == 1);
        stuck.Starts.Should().Be(2);
        Summary.Should().BeEquivalentTo(new { Enqueued = 1, Retried = 1, TimedOut = 1, StuckTasks = 0 });
    }

    [Fact]
    public async Task One_that_ends_well_after_all_is_done()
    {
        await StartAsync();
        var stuck = await HoldAsync();
        await Eventually.HoldsAsync(() => stuck.Starts == 1);
        await UntilAsync(() => Summary.StuckTasks == 1);

        stuck.Complete();

        await Eventually.HoldsAsync(() => Summary is { Completed: 1, StuckTasks: 0, Workers: 1 });
    }

    [Fact]
    public async Task No_more_workers_are_replaced_than_the_setting_allows_and_the_next_one_is_when_one_has_come_back()
    {
        (Options.Workers, Options.MaxStuckTasks) = (2, 1);
        await StartAsync();
        Held[] stuck = [await HoldAsync(), await HoldAsync(), await HoldAsync()];
        await Eventually.HoldsAsync(() => stuck.Count(task => task.Starts == 1) == 2);
        await UntilAsync(() => stuck.All(task => task.Starts == 1));
        await UntilAsync(() => Summary.StuckTasks == 3);
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);
        Summary.Should().BeEquivalentTo(new { Workers = 2, BusyWorkers = 2, CurrentDepth = 1, Running = 3 }, "nobody is left to do it");

        stuck[0].Complete();

        await Eventually.HoldsAsync(() => Summary is { Completed: 2, StuckTasks: 2, Workers: 2 });
        stuck[1].Complete();
        stuck[2].Complete();
        await Eventually.HoldsAsync(() => Summary is { Completed: 4, StuckTasks: 0, Workers: 2, BusyWorkers: 0 });
    }

    [Fact]
    public async Task The_log_names_it()
    {
        var logger = Substitute.For<ILogger<TaskProcessor>>();
        logger.IsEnabled(default).ReturnsForAnyArgs(true);
        await StartAsync(logger: logger);
        var stuck = await HoldAsync("export");
        await Eventually.HoldsAsync(() => stuck.Starts == 1);
        await UntilAsync(() => Summary.StuckTasks == 1);
        stuck.Complete();
        await Eventually.HoldsAsync(() => Summary.StuckTasks == 0);

        await Eventually.HoldsAsync(() => Logged(EventIds.StuckTaskEnded).Length == 1);
        Logged(EventIds.TaskStuck).Should().ContainSingle().Which.Should().StartWith("Task export ").And.EndWith(" goes on 5 s after it was cancelled; its worker was replaced (stuck now: 1)");

        string[] Logged(int id) => [.. logger.ReceivedCalls()
            .Select(static call => call.GetArguments())
            .Where(arguments => arguments.Length == 5 && arguments[1] is EventId @event && @event.Id == id)
            .Select(static arguments => arguments[2]!.ToString()!)];
    }

    [Fact]
    public async Task The_token_of_a_stuck_task_is_never_given_to_another()
    {
        Options.MaxStuckTasks = 0;
        await StartAsync();
        var stuck = await HoldAsync();
        await Eventually.HoldsAsync(() => stuck.Starts == 1);
        await UntilAsync(() => Summary.StuckTasks == 1);
        stuck.Complete();

        var next = await HoldAsync();
        await Eventually.HoldsAsync(() => next.Starts == 1);

        next.Token.Should().NotBe(stuck.Token);
        next.Token.IsCancellationRequested.Should().BeFalse();
        next.Complete();
    }

    [Fact]
    public async Task At_stop_it_is_reported_as_undone_and_what_it_does_later_is_ignored()
    {
        Options.DrainTimeout = TimeSpan.FromSeconds(3);
        await StartAsync();
        var stuck = await HoldAsync();
        await Eventually.HoldsAsync(() => stuck.Starts == 1);
        await UntilAsync(() => Summary.StuckTasks == 1);
        await Queue.QueueBackgroundWorkItemAsync(static _ => ValueTask.CompletedTask);

        var stop = Processor.StopAsync(default);
        await Eventually.HoldsAsync(() => Summary.Completed == 1);
        await UntilAsync(() => stop.IsCompleted);
        stuck.Fail();
        await Processor.ExecuteTask!;

        Summary.Should().BeEquivalentTo(new { Enqueued = 2, Completed = 1, Failed = 0, Undone = 1, StuckTasks = 0 });
        Processor.UndoneTasks.Should().ContainSingle();
    }
}
