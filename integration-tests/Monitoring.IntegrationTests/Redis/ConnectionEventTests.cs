using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

public sealed class ConnectionEventTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private ServerProcess _server = null!;
    private IConnectionMultiplexer _inner = null!;
    private IConnectionMultiplexer _redis = null!;

    private RedisConnectionStatus Status => _monitor.Redis.GetSummary().Connections.Single();

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartRedisAsync();
        _inner = await ConnectionMultiplexer.ConnectAsync($"{_server.EndPoint},abortConnect=false,syncTimeout=1000,asyncTimeout=1000");
        _redis = _inner.WithMonitoring(_monitor, new RedisConnectionOptions { UseCircuitBreaker = false, UseDiagnostics = false });
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        _monitor.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_killed_connection_is_an_event_and_so_is_its_return()
    {
        await _redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), static (_, _) => { });
        Status.Sockets.Should().HaveCount(2).And.OnlyContain(s => s.IsConnected && s.SocketsOpened > 0 && s.EndPoint == _server.EndPoint);
        Status.Sockets.Single(s => s.Kind == "Subscription").Subscriptions.Should().BePositive();
        Status.Sockets.Single(s => s.Kind == "Interactive").Operations.Should().BePositive();

        await KillClientsAsync("normal");

        await UntilAsync(() => Status is { Failures: > 0, Restores: > 0 });
        var events = Status.Events;
        events.Should().Contain(e => e.Kind == RedisConnectionEventKind.Failed && e.ConnectionKind == "Interactive" && e.EndPoint == _server.EndPoint && e.Reason!.StartsWith("Socket"));
        events.Should().Contain(e => e.Kind == RedisConnectionEventKind.Restored && e.ConnectionKind == "Interactive");
        Status.Sockets.Single(s => s.Kind == "Interactive").Should().Match<RedisSocketStatus>(s => s.IsConnected && s.SocketsOpened > 1);
        Status.IsReconnectStorm.Should().BeFalse();
    }

    [Fact]
    public async Task Connections_that_are_killed_again_and_again_are_a_storm()
    {
        await _redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), static (_, _) => { });

        for (var round = 0; round < 10 && !Status.IsReconnectStorm; round++)
        {
            var restores = Status.Restores;
            await KillClientsAsync("normal");
            await KillClientsAsync("pubsub");
            await UntilAsync(() => Status.Restores > restores);
        }

        Status.IsReconnectStorm.Should().BeTrue();
        Status.Events.Where(e => e.Kind == RedisConnectionEventKind.ReconnectStorm).Should().ContainSingle();
    }

    [Fact]
    public async Task Its_own_multiplexer_disposed_under_way_harms_nobody()
    {
        _server.Stall();
        try
        {
            var calls = Enumerable.Range(0, 200).Select(i => _redis.GetDatabase().StringGetAsync($"key{i}")).ToArray();
            await _inner.DisposeAsync();

            await Task.WhenAll(calls).Invoking(all => all.WaitAsync(Patience)).Should().ThrowAsync<Exception>();
            calls.Should().OnlyContain(call => call.IsFaulted || call.IsCanceled);
        }
        finally
        {
            _server.Continue();
        }

        Status.IsConnected.Should().BeFalse();
        Status.Sockets.Should().NotContain(s => s.IsConnected);
        await _redis.GetDatabase().Invoking(d => d.PingAsync()).Should().ThrowAsync<ObjectDisposedException>();
        _monitor.Redis.Errors.Count.Should().Be(0);
        _monitor.Redis.GetSummary().TotalOperations.Should().BeGreaterThanOrEqualTo(200);
    }

    private async Task KillClientsAsync(string type)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{_server.EndPoint},allowAdmin=true");
        await admin.GetServer(_server.EndPoint).ExecuteAsync("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");
    }

    private Task UntilAsync(Func<bool> condition) =>
        Eventually.Async(() => Task.FromResult(condition()), Patience, () => string.Join(Environment.NewLine, Status.Events));
}
