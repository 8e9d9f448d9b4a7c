using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Robustness;

/// <summary>Whoever is called back by Redis may call Redis again, in every way in which the bare client allows it.</summary>
public sealed class ReentrancyTests : IAsyncLifetime
{
    private MonitoredServer _redis = null!;

    public async Task InitializeAsync() => _redis = await MonitoredServer.StartAsync();

    public Task DisposeAsync() => _redis.DisposeAsync().AsTask();

    [Fact]
    public async Task A_chain_of_continuations_may_be_deep()
    {
        const int Depth = 5_000;
        var database = _redis.Monitored.GetDatabase();
        async Task NextAsync(int left)
        {
            await database.StringIncrementAsync("chain").ConfigureAwait(false);
            if (left > 1)
            {
                await NextAsync(left - 1).ConfigureAwait(false);
            }
        }

        await NextAsync(Depth).WaitAsync(MonitoredServer.Patience);

        _redis.Operation("INCRBY").Count.Should().Be(Depth);
    }

    [Fact]
    public async Task Continuations_that_run_inline_may_send_the_next_command()
    {
        const int Length = 2_000;
        var database = _redis.Monitored.GetDatabase();
        var finished = new TaskCompletionSource();
        void Next(int left) => database.StringIncrementAsync("inline").ContinueWith(
            _ =>
            {
                if (left > 1)
                {
                    Next(left - 1);
                }
                else
                {
                    finished.SetResult();
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        Next(Length);
        await finished.Task.WaitAsync(MonitoredServer.Patience);

        _redis.Operation("INCRBY").Count.Should().Be(Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Blocking_in_a_continuation_works_where_it_works_with_the_bare_client(bool monitored)
    {
        const int Chains = 4;
        const int Length = 50;
        var database = (monitored ? _redis.Monitored : _redis.Bare).GetDatabase();
        async Task ChainAsync()
        {
            for (var i = 0; i < Length; i++)
            {
                await database.StringIncrementAsync("blocking").ConfigureAwait(false);

                // On the thread that completed the call above.
                database.StringIncrement("blocking");
                database.Wait(database.StringIncrementAsync("blocking"));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Chains).Select(_ => ChainAsync())).WaitAsync(MonitoredServer.Patience);

        (await _redis.Bare.GetDatabase().StringGetAsync("blocking")).Should().Be(3 * Chains * Length);
        _redis.Operation("INCRBY").Count.Should().Be(monitored ? 3 * Chains * Length : 0);
    }

    [Fact]
    public async Task A_handler_of_messages_may_call_redis_in_both_ways()
    {
        const int Messages = 300;
        var database = _redis.Monitored.GetDatabase();
        var channel = RedisChannel.Literal("news");
        var sent = new List<Task>();
        await _redis.Monitored.GetSubscriber().SubscribeAsync(channel, (_, _) =>
        {
            database.StringIncrement("handled");
            lock (sent)
            {
                sent.Add(database.StringIncrementAsync("handled"));
            }
        });

        for (var i = 0; i < Messages; i++)
        {
            await _redis.Monitored.GetSubscriber().PublishAsync(channel, i);
        }

        await Eventually.Async(() => Task.FromResult(Count() == Messages), MonitoredServer.Patience, () => $"{Count()} messages were handled.");
        await Task.WhenAll(sent).WaitAsync(MonitoredServer.Patience);
        (await database.StringGetAsync("handled")).Should().Be(2 * Messages);
        _redis.Operation("INCRBY").Count.Should().Be(2 * Messages);

        int Count()
        {
            lock (sent)
            {
                return sent.Count;
            }
        }
    }
}
