using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>Real timeouts of the real client, each brought about in the one way that its diagnosis names.</summary>
[Collection(nameof(Alone))]
public sealed class TimeoutAutopsyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private ServerProcess _server = null!;

    public async Task InitializeAsync() => _server = await ServerProcess.StartRedisAsync("--enable-debug-command", "yes");

    public async Task DisposeAsync()
    {
        _monitor.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_sleeps_is_found_busy()
    {
        await using var redis = await ConnectAsync(_server.EndPoint);
        await using var other = await ConnectionMultiplexer.ConnectAsync($"{_server.EndPoint},asyncTimeout=30000");
        await redis.GetDatabase().PingAsync();

        var sleeping = other.GetDatabase().ExecuteAsync("DEBUG", "SLEEP", "3");
        await Task.Delay(100);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => FailAsync(() => redis.GetDatabase().StringGetAsync($"user:{i}"))));

        var timeouts = _monitor.Redis.GetSummary().Timeouts;
        timeouts.Should().NotBeEmpty().And.OnlyContain(t => t.Cause == RedisTimeoutCause.ServerBusy, "{0}", timeouts[0]);
        timeouts[0].Should().Match<RedisTimeoutDiagnosis>(t =>
            t.Operation == "GET" && t.EndPoint == _server.EndPoint && t.CommandsAwaitingReply > 0 && t.UnreadBytes == 0 && t.Elapsed > TimeSpan.FromSeconds(0.4));
        timeouts[0].ToString().Should().NotContain("user:");
        await sleeping;
    }

    [Fact]
    public async Task A_small_reply_behind_a_large_one_is_blocked_by_it()
    {
        await using var proxy = new DelayingProxy(_server.Port) { BytesPerSecondFromServer = 800_000 };
        await using (var direct = await ConnectionMultiplexer.ConnectAsync(_server.EndPoint))
        {
            await direct.GetDatabase().StringSetAsync("large", new byte[20_000_000]);
        }

        await using var redis = await ConnectAsync(proxy.EndPoint);
        var large = FailAsync(() => redis.GetDatabase().StringGetAsync("large"));
        var small = FailAsync(() => redis.GetDatabase().HashGetAsync("small", "field"));
        await Task.WhenAll(large, small);

        var blocked = _monitor.Redis.GetSummary().Timeouts.Should().ContainSingle(t => t.Operation == "HGET").Which;
        blocked.Cause.Should().Be(RedisTimeoutCause.HeadOfLineBlocking, "{0}", blocked);
        blocked.CurrentReplyBytes.Should().BeGreaterThan(64 * 1024);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_a_lost_connection()
    {
        await using var redis = await ConnectAsync(_server.EndPoint);
        await redis.GetDatabase().PingAsync();

        await _server.KillAsync();
        await Eventually.Async(() => Task.FromResult(!redis.IsConnected), Patience, () => "the client noticed nothing");
        await FailAsync(() => redis.GetDatabase().StringGetAsync("key"));
        Fail(() => redis.GetDatabase().StringGet("key"));

        var timeouts = _monitor.Redis.GetSummary().Timeouts;
        timeouts.Should().HaveCountGreaterThanOrEqualTo(2).And.OnlyContain(t => t.Cause == RedisTimeoutCause.ConnectionLoss, "{0}", timeouts[0]);
        timeouts[0].IsConnected.Should().BeFalse();
    }

    [Fact]
    public async Task A_pool_whose_threads_are_all_blocked_is_starved()
    {
        await using var redis = await ConnectAsync(_server.EndPoint);
        await redis.GetDatabase().PingAsync();
        var database = redis.GetDatabase();

        using (new StarvedPool())
        {
            // On a thread of its own: the pool's do not come back.
            var caller = new Thread(() => Fail(() => database.StringGet("key")));
            caller.Start();
            caller.Join(Patience).Should().BeTrue();
        }

        var timeout = _monitor.Redis.GetSummary().Timeouts.Should().ContainSingle().Which;
        timeout.Cause.Should().Be(RedisTimeoutCause.ThreadPoolStarvation, "{0}", timeout);
        timeout.UnreadBytes.Should().BePositive();
        timeout.QueuedWorkItems.Should().BePositive();
        timeout.BusyWorkers.Should().BeGreaterThanOrEqualTo(timeout.MinimumWorkers!.Value);
    }

    private async Task<IConnectionMultiplexer> ConnectAsync(string endPoint)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync($"{endPoint},abortConnect=false,syncTimeout=500,asyncTimeout=500");
        return connection.WithMonitoring(_monitor, new RedisConnectionOptions { UseCircuitBreaker = false, UseDiagnostics = false });
    }

    private static async Task FailAsync(Func<Task> call) => await call.Should().ThrowAsync<Exception>();

    private static void Fail(Action call) => call.Should().Throw<Exception>();

    /// <summary>Blocks every thread of the process' pool, and lets them go again.</summary>
    private sealed class StarvedPool : IDisposable
    {
        private const int Blockers = 300;

        private readonly ManualResetEventSlim _gate = new();
        private readonly CountdownEvent _over = new(Blockers);
        private readonly (int Workers, int Ports) _minimum;

        public StarvedPool()
        {
            ThreadPool.GetMinThreads(out _minimum.Workers, out _minimum.Ports);
            ThreadPool.SetMinThreads(2, _minimum.Ports);
            for (var i = 0; i < Blockers; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    static pool =>
                    {
                        pool._gate.Wait();
                        pool._over.Signal();
                    },
                    this,
                    preferLocal: false);
            }

            Thread.Sleep(200);
        }

        public void Dispose()
        {
            _gate.Set();
            ThreadPool.SetMinThreads(_minimum.Workers, _minimum.Ports);
            _over.Wait(Patience).Should().BeTrue();
            _over.Dispose();
            _gate.Dispose();
        }
    }
}
