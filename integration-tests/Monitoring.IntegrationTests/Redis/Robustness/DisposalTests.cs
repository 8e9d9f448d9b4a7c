using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Robustness;

public sealed class DisposalTests
{
    private const int Calls = 500;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_multiplexer_disposed_of_mid_flight_ends_every_call_and_each_is_counted(bool stalled)
    {
        await using var redis = await MonitoredServer.StartAsync(timeout: 3_000, circuit: false);
        var database = redis.Monitored.GetDatabase();
        if (stalled)
        {
            redis.Server.Stall();
        }

        try
        {
            Task<long>[] calls = [.. Enumerable.Range(0, Calls).Select(_ => database.StringIncrementAsync("count"))];
            await Task.Run(redis.Monitored.Dispose).WaitAsync(MonitoredServer.Patience);

            await Task.WhenAll(Array.ConvertAll(calls, static call => call.ContinueWith(static _ => { }, TaskScheduler.Default))).WaitAsync(MonitoredServer.Patience);

            var statistics = redis.Operation("INCRBY");
            statistics.Count.Should().Be(Calls);
            // The client cancels what it gives up.
            statistics.Failures.Should().Be(calls.Count(static call => call.IsFaulted || call.IsCanceled));
            redis.Summary.Connections.Should().BeEmpty();
        }
        finally
        {
            redis.Server.Continue();
        }
    }

    [Fact]
    public async Task A_call_on_a_multiplexer_that_was_disposed_of_fails_as_it_does_without_a_monitor()
    {
        await using var redis = await MonitoredServer.StartAsync(circuit: false);
        var (bare, monitored) = (redis.Bare.GetDatabase(), redis.Monitored.GetDatabase());
        await redis.Bare.DisposeAsync();
        await redis.Monitored.DisposeAsync();

        var expected = await Record.ExceptionAsync(() => bare.StringGetAsync("key"));
        var actual = await Record.ExceptionAsync(() => monitored.StringGetAsync("key"));

        expected.Should().BeOfType<ObjectDisposedException>();
        actual.Should().BeOfType<ObjectDisposedException>();
    }
}
