using Monitoring.TaskQueues;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>What is kept of failed attempts.</summary>
public sealed class TaskFailureTests : ProcessorTesting
{
    [Fact]
    public async Task The_last_failures_of_a_type_are_kept_the_newest_first()
    {
        (Options.MaxAttempts, Options.Workers) = (1, 1);
        await StartAsync();
        for (var i = 0; i < 12; i++)
        {
            await FailAsync(new IOException($"number {i}"), "mail");
        }

        await FailAsync(new InvalidOperationException("another"), "export");
        await Eventually.HoldsAsync(() => Summary.Failed == 13);

        Of("mail").Select(static failure => failure.Message).Should().Equal(Enumerable.Range(2, 10).Reverse().Select(static i => $"number {i}"));
        Of("export").Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { ExceptionType = "System.InvalidOperationException", Message = "another", Attempt = 1, TimedOut = false, At = Time.GetUtcNow(), StackTrace = (string?)null });
    }

    [Fact]
    public async Task Each_attempt_is_one_with_the_tasks_identity()
    {
        (Options.MaxAttempts, Options.RetryBaseDelay, Options.RetryMaxDelay) = (2, TimeSpan.Zero, TimeSpan.Zero);
        await StartAsync();
        var task = BackgroundTask.Create(static _ => throw new IOException("never"), typeName: "mail");

        await Queue.EnqueueAsync(task);

        await UntilAsync(() => Summary.Failed == 1);
        Of("mail").Select(static failure => failure.Attempt).Should().Equal(2, 1);
        Of("mail").Should().OnlyContain(failure => failure.TaskId == task.Id);
        (await Bounded.GetDeadLettersAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { task.Id, TypeName = "mail", Attempts = 2, Reason = DeadLetterReason.AttemptsExhausted, ExceptionType = "System.IO.IOException", Message = "never" });
    }

    [Fact]
    public async Task An_attempt_whose_time_was_over_says_so()
    {
        (Options.MaxAttempts, Options.TaskTimeout) = (1, TimeSpan.FromSeconds(1));
        await StartAsync();
        await Queue.EnqueueAsync(BackgroundTask.Create(static async token => await Task.Delay(Timeout.Infinite, token), typeName: "slow"));
        await Eventually.HoldsAsync(() => Summary.BusyWorkers == 1);
        Time.Advance(TimeSpan.FromSeconds(1.1));
        await Eventually.HoldsAsync(() => Summary.Failed == 1);

        Of("slow").Should().ContainSingle().Which.TimedOut.Should().BeTrue();
    }

    [Fact]
    public async Task Stack_traces_are_kept_on_demand_only()
    {
        (Options.MaxAttempts, Options.Workers) = (1, 1);
        await StartAsync();
        await FailAsync(new IOException("before"), "mail");
        await Eventually.HoldsAsync(() => Summary.Failed == 1);
        Options.CaptureStackTraces = true;
        Processor.Reload(Options);
        await FailAsync(new IOException("after"), "mail");
        await Eventually.HoldsAsync(() => Summary.Failed == 2);

        Of("mail")[0].StackTrace.Should().Contain(nameof(TaskFailureTests));
        Of("mail")[1].StackTrace.Should().BeNull();
    }

    [Fact]
    public async Task No_exception_is_too_odd_to_be_kept()
    {
        (Options.MaxAttempts, Options.Workers) = (1, 1);
        await StartAsync();
        Exception[] odd =
        [
            new Malicious(),
            new IOException(new string('x', 999) + "😀 and more"),
            new AggregateException(new TimeoutException("inner")),
            new AggregateException("two", new IOException("a"), new IOException("b")),
        ];
        foreach (var exception in odd)
        {
            await FailAsync(exception, "odd");
        }

        await Eventually.HoldsAsync(() => Summary.Failed == 4);

        Of("odd").Select(static failure => (failure.ExceptionType, failure.Message)).Should().Equal(
            ("System.AggregateException", "two (a) (b)"),
            ("System.TimeoutException", "inner"),
            ("System.IO.IOException", new string('x', 999)),
            ($"{typeof(TaskFailureTests).FullName}+Malicious", ""));
        (await Bounded.GetDeadLettersAsync()).Should().HaveCount(4);
    }

    [Fact]
    public async Task A_loop_of_ones_own_keeps_them_too()
    {
        var queue = new BoundedTaskQueue(Options, Time).WithMonitoring(Monitor);
        await queue.EnqueueAsync(BackgroundTask.Create(static _ => throw new IOException("elsewhere"), typeName: "mail"));
        using var services = Microsoft.Extensions.DependencyInjection.ServiceCollectionContainerBuilderExtensions.BuildServiceProvider(
            new Microsoft.Extensions.DependencyInjection.ServiceCollection());
        var run = async () => await (await queue.DequeueAsync(default)).ExecuteAsync(services, default);

        await run.Should().ThrowAsync<IOException>();

        Of("mail").Should().ContainSingle().Which.Message.Should().Be("elsewhere");
    }

    private IReadOnlyList<TaskFailure> Of(string type) => Summary.Types.Single(summary => summary.Name == type).RecentFailures;

    private async Task FailAsync(Exception exception, string type) =>
        await Queue.EnqueueAsync(BackgroundTask.Create(_ => throw exception, typeName: type));

    private sealed class Malicious : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string ToString() => "malicious";
    }
}
