using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Processing;
using Monitoring.Validation;

namespace Monitoring.Core.Tests.TaskQueues;

public sealed class TaskQueueOptionsTests
{
    [Fact]
    public void Its_defaults_are_valid() => Messages(new TaskQueueOptions()).Should().BeEmpty();

    [Fact]
    public void A_wrong_value_is_named_with_what_is_allowed()
    {
        Messages(new TaskQueueOptions
        {
            Capacity = 0,
            Workers = 1025,
            FullMode = (TaskQueueFullMode)7,
            HighWeight = -1,
            TaskTimeout = TimeSpan.Zero,
            MaxAttempts = 101,
            RetryBaseDelay = TimeSpan.FromSeconds(-1),
            RetryMaxDelay = TimeSpan.FromSeconds(-2),
            DrainTimeout = TimeSpan.FromHours(2),
        }).Should().Equal(
            "Monitoring:TaskQueue:Capacity is 0; allowed: 1 to 1000000.",
            "Monitoring:TaskQueue:FullMode is 7; allowed: Wait, Reject or DropLowest.",
            "Monitoring:TaskQueue:HighWeight is -1; allowed: 1 to 1000.",
            "Monitoring:TaskQueue:Workers is 1025; allowed: 1 to 1024.",
            "Monitoring:TaskQueue:TaskTimeout is 00:00:00; allowed: 00:00:00.0100000 to 1.00:00:00.",
            "Monitoring:TaskQueue:MaxAttempts is 101; allowed: 1 to 100.",
            "Monitoring:TaskQueue:RetryBaseDelay is -00:00:01; allowed: 00:00:00 to 1.00:00:00.",
            "Monitoring:TaskQueue:RetryMaxDelay is -00:00:02; allowed: RetryBaseDelay (-00:00:01) to 1.00:00:00.",
            "Monitoring:TaskQueue:DrainTimeout is 02:00:00; allowed: 00:00:00 to 01:00:00.");
    }

    [Fact]
    public void A_queue_built_by_hand_refuses_them_too()
    {
        var build = () => new BoundedTaskQueue(new TaskQueueOptions { Capacity = -5 });

        build.Should().Throw<ArgumentException>().WithMessage("Monitoring:TaskQueue:Capacity is -5; allowed: 1 to 1000000.");
    }

    [Theory]
    [InlineData(1, 0.0, 500)]
    [InlineData(1, 1.0, 1000)]
    [InlineData(3, 0.5, 3000)]
    [InlineData(10, 1.0, 60_000)]
    [InlineData(100, 0.0, 30_000)]
    public void Back_off_doubles_up_to_its_limit_and_half_of_it_is_random(int attempt, double random, double milliseconds)
    {
        var backoff = new RetryBackoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), () => random);

        backoff.GetDelay(attempt).TotalMilliseconds.Should().Be(milliseconds);
    }

    private static IReadOnlyList<string> Messages(TaskQueueOptions options)
    {
        var errors = new OptionsErrors("Monitoring:TaskQueue");
        options.Validate(errors);
        return errors.Messages;
    }
}
