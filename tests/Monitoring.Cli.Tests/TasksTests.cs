using System.Text.Json;
using Monitoring.TaskQueues;

namespace Monitoring.Cli.Tests;

/// <summary>The verbs about queues, against a service that really runs.</summary>
public sealed class TasksTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_queue_is_paused_and_resumed()
    {
        await using var service = await Service.StartAsync();
        (await service.RunAsync("tasks", "pause")).Should().Be((0, $"tasks: paused{Environment.NewLine}", ""));
        var done = new TaskCompletionSource();
        await service.Queue.QueueBackgroundWorkItemAsync(_ =>
        {
            done.SetResult();
            return ValueTask.CompletedTask;
        });

        (await service.RunAsync("tasks", "queues")).Output.Should().MatchRegex(@"(?m)^tasks +in-process +paused +1 ");
        done.Task.IsCompleted.Should().BeFalse();
        (await service.RunAsync("tasks", "resume", "--queue", "tasks")).Should().Be((0, $"tasks: running{Environment.NewLine}", ""));
        await done.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_redriven()
    {
        await using var service = await Service.StartAsync(static options => options.MaxAttempts = 1);
        var broken = true;
        var done = new TaskCompletionSource();
        var task = BackgroundTask.Create(
            _ =>
            {
                if (Volatile.Read(ref broken))
                {
                    throw new IOException("[the disk] is full");
                }

                done.SetResult();
                return ValueTask.CompletedTask;
            },
            typeName: "import");
        await service.Queue.EnqueueAsync(task);
        await WaitUntilAsync(() => service.Monitor.TaskQueue.GetSummary().DeadLetters == 1);

        var listed = await service.RunAsync("tasks", "dead-letters");
        listed.Output.Should().Contain(task.Id).And.Contain("import").And.Contain("AttemptsExhausted").And.Contain("[the disk] is full");
        var json = await service.RunAsync("tasks", "dead-letters", "--json");
        JsonDocument.Parse(json.Output).RootElement.GetProperty("queues")[0].GetProperty("deadLetters")[0].GetProperty("id").GetString().Should().Be(task.Id);

        Volatile.Write(ref broken, false);
        (await service.RunAsync("tasks", "redrive", "--id", task.Id)).Should().Be((0, $"1 enqueued again{Environment.NewLine}", ""));
        await done.Task.WaitAsync(Patience);
        (await service.RunAsync("tasks", "dead-letters")).Output.Should().StartWith("No dead letters.");
        (await service.RunAsync("tasks", "redrive", "--all")).Output.Should().StartWith("0 enqueued again");
    }

    [Fact]
    public async Task What_the_service_refuses_is_said_in_one_line()
    {
        await using var service = await Service.StartAsync();

        (await service.RunAsync("tasks", "pause", "--queue", "nowhere")).Should().Be((1, "", $"No queue of this process has this name.{Environment.NewLine}"));
        (await service.RunAsync("tasks", "pause", "--key", Service.ReaderKey)).Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 1 && run.Error.Contains("admin"));
        (await service.RunAsync("tasks", "queues", "--key", "wrong")).Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 1 && run.Error.Contains("--key"));
        (await service.RunAsync("tasks", "dead-letters", "--count", "0")).Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 1 && run.Error.Contains("'count'"));
    }

    [Fact]
    public async Task What_cannot_be_reached_or_is_no_api_has_an_exit_code_of_its_own()
    {
        await using var service = await Service.StartAsync();

        var elsewhere = await service.RunAsync("tasks", "queues", "--url", service.Url.Replace("/api/performance", "/elsewhere", StringComparison.Ordinal));
        elsewhere.Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 2 && run.Error.Contains("404"));
        var url = service.Url;
        await service.DisposeAsync();
        var gone = await Service.RunAsync(static _ => null, "tasks", "queues", "--url", url);
        gone.Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 2 && run.Error.Contains("cannot be reached"));
    }

    [Theory]
    [InlineData("tasks", "redrive")]
    [InlineData("tasks", "redrive", "--all", "--id", "7")]
    [InlineData("tasks", "queues", "--url", "ftp://127.0.0.1")]
    [InlineData("tasks", "queues", "--url", "nowhere")]
    [InlineData("tasks", "explode")]
    [InlineData("tasks", "dead-letters", "--count", "many")]
    public async Task What_is_not_understood_is_refused(params string[] args)
    {
        var run = await Service.RunAsync(static _ => null, args);

        run.ExitCode.Should().Be(1);
        run.Error.Should().NotBeEmpty();
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
