using Monitoring.Redis;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Robustness;

/// <summary>Many at once: each is recorded exactly once, however it ends.</summary>
public sealed class ConcurrencyTests
{
    private const int Threads = 64;

    [Fact]
    public async Task Ten_thousand_calls_at_once_are_recorded_once_each()
    {
        const int Calls = 10_000;
        await using var redis = await MonitoredServer.StartAsync();
        var database = redis.Monitored.GetDatabase();

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => database.StringIncrementAsync("count"))).WaitAsync(MonitoredServer.Patience);

        (await redis.Bare.GetDatabase().StringGetAsync("count")).Should().Be(Calls);
        redis.Operation("INCRBY").Count.Should().Be(Calls);
        redis.Summary.Failures.Total.Should().Be(0);
    }

    [Fact]
    public async Task Sixty_four_threads_at_once_are_recorded_once_each()
    {
        const int Each = 160;
        await using var redis = await MonitoredServer.StartAsync();
        var database = redis.Monitored.GetDatabase();

        OnThreads(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                database.StringIncrement("count");
            }
        });

        (await redis.Bare.GetDatabase().StringGetAsync("count")).Should().Be(Threads * Each);
        redis.Operation("INCRBY").Count.Should().Be(Threads * Each);
        redis.Summary.Failures.Total.Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_stalls_under_a_mixture_leaves_the_counts_right(bool circuit)
    {
        await using var redis = await MonitoredServer.StartAsync(timeout: 1_000, circuit);
        var calls = new Mixture(redis.Monitored.GetDatabase());
        using var end = new CancellationTokenSource();
        var load = Task.Run(() => OnThreads(() =>
        {
            while (!end.IsCancellationRequested)
            {
                calls.MakeNext();
            }
        }));

        await Eventually.Async(() => Task.FromResult(calls.Ended > 500), MonitoredServer.Patience, () => "The server answers nobody.");
        redis.Server.Stall();
        try
        {
            await Eventually.Async(() => Task.FromResult(circuit ? calls.Rejected > 0 : calls.Failed > Threads), MonitoredServer.Patience, () => $"{calls.Failed} calls failed.");
        }
        finally
        {
            redis.Server.Continue();
        }

        var succeeded = calls.Succeeded;
        await Eventually.Async(() => Task.FromResult(calls.Succeeded > succeeded + 500), MonitoredServer.Patience, () => "The server went on, and no call succeeds.");
        await end.CancelAsync();
        await load.WaitAsync(MonitoredServer.Patience);

        var summary = redis.Summary;
        summary.TotalOperations.Should().Be(calls.Ended);
        summary.Failures.Total.Should().Be(calls.Failed);
        summary.Failures.Rejected.Should().Be(calls.Rejected);
        summary.Sent.Should().Be(calls.Sent);
    }

    private static void OnThreads(Action work)
    {
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => work())).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
    }

    /// <summary>Calls of all kinds, and how each ended as its caller saw it.</summary>
    private sealed class Mixture(IDatabase database)
    {
        private long _next;
        private long _succeeded;
        private long _failed;
        private long _rejected;
        private long _sent;

        public long Succeeded => Interlocked.Read(ref _succeeded);

        public long Failed => Interlocked.Read(ref _failed);

        public long Rejected => Interlocked.Read(ref _rejected);

        public long Sent => Interlocked.Read(ref _sent);

        public long Ended => Succeeded + Failed;

        public void MakeNext()
        {
            switch (Interlocked.Increment(ref _next) % 6)
            {
                case 0:
                    Count(() => database.StringGet("key"));
                    break;
                case 1:
                    Count(() => database.StringSetAsync("key", "value").GetAwaiter().GetResult());
                    break;
                case 2:
                    Count(() => Task.WaitAll(database.HashSetAsync("hash", "field", 1)));
                    break;
                case 3:
                    Count(ExecuteBatch);
                    break;
                case 4:
                    Count(ExecuteTransaction);
                    break;
                default:
                    database.StringSet("forgotten", "value", flags: CommandFlags.FireAndForget);
                    Interlocked.Increment(ref _sent);
                    break;
            }
        }

        private void ExecuteBatch()
        {
            var batch = database.CreateBatch();
            var (first, second) = (batch.StringGetAsync("key"), batch.ListLengthAsync("list"));
            batch.Execute();
            Task.WaitAll(first, second);
        }

        private void ExecuteTransaction()
        {
            var transaction = database.CreateTransaction();
            _ = transaction.StringIncrementAsync("count");
            transaction.Execute();
        }

        private void Count(Action call)
        {
            try
            {
                call();
                Interlocked.Increment(ref _succeeded);
            }
            catch (Exception exception)
            {
                Interlocked.Increment(ref _failed);
                if (exception is RedisCircuitOpenException or AggregateException { InnerException: RedisCircuitOpenException })
                {
                    Interlocked.Increment(ref _rejected);
                }
            }
        }
    }
}
