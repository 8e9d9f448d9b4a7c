using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Robustness;

public sealed class CancellationTests
{
    private const int Calls = 200;

    [Fact]
    public async Task Callers_that_stop_waiting_leave_every_call_to_be_recorded_when_it_ends()
    {
        await using var redis = await MonitoredServer.StartAsync();
        var database = redis.Monitored.GetDatabase();
        using var cancellation = new CancellationTokenSource();
        redis.Server.Stall();
        Task<RedisValue>[] calls;
        try
        {
            calls = [.. Enumerable.Range(0, Calls).Select(_ => database.StringGetAsync("key"))];
            var waiters = Array.ConvertAll(calls, call => call.WaitAsync(cancellation.Token));
            await cancellation.CancelAsync();
            await ((Func<Task>)(() => Task.WhenAll(waiters))).Should().ThrowAsync<OperationCanceledException>();
            waiters.Should().OnlyContain(static waiter => waiter.IsCanceled);
            redis.Operation("GET").Count.Should().Be(0, "none of them has ended");
        }
        finally
        {
            redis.Server.Continue();
        }

        await Task.WhenAll(calls).WaitAsync(MonitoredServer.Patience);

        redis.Operation("GET").Count.Should().Be(Calls);
        redis.Operation("GET").Failures.Should().Be(0);
        (await database.StringSetAsync("key", "value")).Should().BeTrue();
    }
}
