using System.Text;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;
using StackExchange.Redis.KeyspaceIsolation;

namespace Monitoring.IntegrationTests.Redis;

public sealed class RedisServerTests() : RealRedisTests(static () => ServerProcess.StartRedisAsync())
{
    [Fact]
    public async Task Fails_fast_while_the_server_stalls_and_recovers_by_itself()
    {
        await using var impatient = await ConnectAsync(timeout: TimeSpan.FromSeconds(1));
        var database = impatient.GetDatabase();
        await database.StringSetAsync("key", "value");
        Server.Stall();
        try
        {
            await WaitUntilAsync(async () =>
            {
                var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TryAsync(() => database.StringGetAsync("key"))));
                return outcomes.Any(static o => o is RedisCircuitOpenException);
            });
        }
        finally
        {
            Server.Continue();
        }

        await WaitUntilAsync(() => Task.FromResult(Monitor.CircuitBreakers.GetSummaries().All(static c => c.State == CircuitBreakers.CircuitState.Closed)));
        (await database.StringGetAsync("key")).Should().Be("value");
        Monitor.Redis.GetSummary().Failures.Rejected.Should().BePositive();
    }

    [Fact]
    public async Task Counts_connections_that_were_lost_and_restored()
    {
        await Monitored.GetDatabase().PingAsync();
        await Server.KillAsync();
        await WaitUntilAsync(() => Task.FromResult(Monitor.Redis.GetSummary().Connections.Single() is { IsConnected: false, Failures: > 0 }));

        await Server.RestartAsync();

        await WaitUntilAsync(() => Task.FromResult(Monitor.Redis.GetSummary().Connections.Single() is { IsConnected: true, Restores: > 0 }));
    }

    private static async Task<Exception?> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}

public sealed class GarnetTests() : RealRedisTests(static () => ServerProcess.StartGarnetAsync());

/// <summary>Programs that nobody here tuned for, on a real server through the monitored multiplexer.</summary>
public abstract class RealRedisTests(Func<Task<ServerProcess>> start) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected ServerProcess Server { get; private set; } = null!;

    protected PerformanceMonitor Monitor { get; private set; } = null!;

    protected IConnectionMultiplexer Monitored { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await start();
        Monitor = PerformanceMonitor.Create();
        Monitored = await ConnectAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        await Monitored.DisposeAsync();
        Monitor.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A monitored connection whose commands may take as long as a busy machine needs, unless the test says otherwise.</summary>
    protected async Task<IConnectionMultiplexer> ConnectAsync(TimeSpan timeout)
    {
        var options = ConfigurationOptions.Parse($"{Server.EndPoint},abortConnect=false");
        options.SyncTimeout = options.AsyncTimeout = (int)timeout.TotalMilliseconds;
        return (await ConnectionMultiplexer.ConnectAsync(options)).WithMonitoring(Monitor);
    }

    [Fact]
    public async Task RedisCache_works()
    {
        using var cache = new RedisCache(new RedisCacheOptions { ConnectionMultiplexerFactory = () => Task.FromResult(Monitored), InstanceName = "cache:" });
        var value = Encoding.UTF8.GetBytes("a repository's settings");

        await cache.SetAsync("settings", value, new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(5) });
        (await cache.GetAsync("settings")).Should().Equal(value);
        cache.Get("settings").Should().Equal(value);
        await cache.RefreshAsync("settings");
        await cache.RemoveAsync("settings");
        (await cache.GetAsync("settings")).Should().BeNull();

        var summary = Monitor.Redis.GetSummary();
        summary.TotalOperations.Should().BeGreaterThanOrEqualTo(6);
        summary.SuccessRatePercent.Should().Be(100);
    }

    [Fact]
    public async Task A_key_prefix_works_for_commands_batches_and_transactions()
    {
        var database = Monitored.GetDatabase().WithKeyPrefix("tenant:");
        await database.StringSetAsync("key", "value");
        (await Monitored.GetDatabase().StringGetAsync("tenant:key")).Should().Be("value");

        var batch = database.CreateBatch();
        var batched = batch.StringGetAsync("key");
        batch.Execute();
        (await batched).Should().Be("value");

        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists("key"));
        var deleted = transaction.KeyDeleteAsync("key");
        (await transaction.ExecuteAsync()).Should().BeTrue();
        (await deleted).Should().BeTrue();
        Monitor.Redis.GetSummary().OperationsByType.Keys.Should().Contain(["SET", "GET", "PIPELINE", "MULTI"]);
    }

    [Fact]
    public async Task A_transaction_whose_condition_fails_is_no_failure()
    {
        var transaction = Monitored.GetDatabase().CreateTransaction();
        transaction.AddCondition(Condition.KeyExists("nowhere"));
        var set = transaction.StringSetAsync("key", "value");

        (await transaction.ExecuteAsync()).Should().BeFalse();

        await set.Invoking(t => t).Should().ThrowAsync<TaskCanceledException>();
        Monitor.Redis.GetSummary().OperationsByType["MULTI"].Failures.Should().Be(0);
    }

    [Fact]
    public async Task A_message_queue_receives_what_is_published()
    {
        var received = new TaskCompletionSource<string>();
        var queue = await Monitored.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"));
        queue.OnMessage(message => received.TrySetResult(message.Message.ToString()));

        await Monitored.GetSubscriber().PublishAsync(RedisChannel.Literal("news"), "hello");

        (await received.Task.WaitAsync(Patience)).Should().Be("hello");
    }

    [Fact]
    public async Task A_scan_can_still_be_resumed_from_its_cursor()
    {
        var database = Monitored.GetDatabase();
        await database.HashSetAsync("hash", [.. Enumerable.Range(0, 1000).Select(i => new HashEntry($"field{i}", i))]);

        var scan = database.HashScan("hash", "field*", pageSize: 10);

        scan.Should().BeAssignableTo<IScanningCursor>();
        scan.Count().Should().Be(1000);
        Monitored.GetServer(Monitored.GetEndPoints()[0]).Keys(pattern: "hash").Should().ContainSingle();
    }

    [Fact]
    public async Task A_server_error_keeps_its_prefix()
    {
        var database = Monitored.GetDatabase();
        await database.StringSetAsync("text", "value");

        await database.Invoking(d => d.ListLeftPushAsync("text", "item")).Should().ThrowAsync<RedisServerException>();

        Monitor.Redis.GetSummary().OperationsByType["LPUSH"].Errors.Should().ContainKey("WRONGTYPE");
    }

    protected static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
