using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;

namespace Monitoring.Redis.Tests.Streams;

public sealed class RedisTaskQueueOptionsTests
{
    public static TheoryData<string, Action<RedisTaskQueueOptions>> Refused => new()
    {
        { "*RedisTaskQueue:orders:FullMode is DropLowest; allowed: Wait or Reject*in-process*", options => options.FullMode = TaskQueueFullMode.DropLowest },
        { "*:Capacity is 0;*", options => options.Capacity = 0 },
        { "*:LowWeight is 0;*", options => options.LowWeight = 0 },
        { "*:MaxPayloadBytes is 0;*", options => options.MaxPayloadBytes = 0 },
        { "*:KeyPrefix is 'orders'; allowed: a text with a hash tag*", options => options.KeyPrefix = "orders" },
        { "*:KeyPrefix is 'a:{}';*", options => options.KeyPrefix = "a:{}" },
        { "*:ClaimIdleTime is 00:00:00.5000000;*", options => options.ClaimIdleTime = TimeSpan.FromSeconds(0.5) },
        { "*:HeartbeatInterval is 00:00:20;*half of ClaimIdleTime (00:00:15)*", options => options.HeartbeatInterval = TimeSpan.FromSeconds(20) },
        { "*:PollInterval is 00:02:00;*", options => options.PollInterval = TimeSpan.FromMinutes(2) },
        { "*:MaxDeliveries is 0;*", options => options.MaxDeliveries = 0 },
        { "*:Group is '';*", options => options.Group = "" },
        { "*:Workers is 0;*", options => options.Workers = 0 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_out_of_range_is_refused_by_name(string message, Action<RedisTaskQueueOptions> change)
    {
        var options = new RedisTaskQueueOptions();
        change(options);

        FluentActions.Invoking(() => RedisTaskQueue.ThrowIfInvalid("orders", options)).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a{b}")]
    [InlineData("with space")]
    public void A_name_that_would_break_the_keys_is_refused(string name) =>
        FluentActions.Invoking(() => RedisTaskQueue.ThrowIfInvalid(name, new RedisTaskQueueOptions())).Should().Throw<ArgumentException>();

    [Fact]
    public void The_defaults_are_valid() =>
        FluentActions.Invoking(() => RedisTaskQueue.ThrowIfInvalid("orders", new RedisTaskQueueOptions())).Should().NotThrow();
}
