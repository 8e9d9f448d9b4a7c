using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace StandIns.Tests;

[Collection(OnSharedServer.Name)]
public sealed class ConnectingTests(SharedServer server)
{
    [Theory]
    [InlineData(Wire.Resp2)]
    [InlineData(Wire.Resp3)]
    [InlineData(Wire.Tls)]
    public async Task Connects_and_is_answered(Wire wire)
    {
        await using var redis = await server.ConnectAsync(wire);

        redis.IsConnected.Should().BeTrue();
        var only = redis.GetServers().Single();
        only.Protocol.Should().Be(wire == Wire.Resp3 ? RedisProtocol.Resp3 : RedisProtocol.Resp2);
        (await redis.GetDatabase().PingAsync()).Should().BePositive();
        redis.GetDatabase().Ping().Should().BePositive();
    }

    [Fact]
    public void Connects_without_an_await()
    {
        using var redis = ConnectionMultiplexer.Connect(server.Options());

        redis.GetDatabase().Execute("PING").ToString().Should().Be("PONG");
    }

    [Fact]
    public async Task Fails_cleanly_when_nothing_listens()
    {
        var options = Client.Options($"127.0.0.1:{RedisServer.FreePort()}");
        options.ConnectRetry = 1;
        options.ConnectTimeout = 3_000;

        var connecting = () => ConnectionMultiplexer.ConnectAsync(options);

        await connecting.Should().ThrowAsync<RedisConnectionException>();
    }

    [Fact]
    public async Task Gives_up_on_a_server_that_accepts_and_says_nothing()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = Client.Options(silent.LocalEndpoint.ToString()!);
        options.ConnectRetry = 1;
        options.ConnectTimeout = 500;
        var since = Stopwatch.StartNew();

        var connecting = () => ConnectionMultiplexer.ConnectAsync(options);

        await connecting.Should().ThrowAsync<RedisConnectionException>();
        since.Elapsed.Should().BeLessThan(Client.Patience);
    }

    [Fact]
    public async Task Works_on_the_thread_pool_without_threads_of_its_own()
    {
        await using var redis = await server.ConnectAsync(configure: o => o.SocketManager = SocketManager.ThreadPool);
        var key = Client.Key();

        await redis.GetDatabase().StringSetAsync(key, "value");

        ((string?)await redis.GetDatabase().StringGetAsync(key)).Should().Be("value");
    }
}
