using System.Diagnostics;

namespace StandIns.Tests;

/// <summary>What happens when the server, or the way to it, goes away. Each test has a server of its own to break.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private RedisServer _server = null!;

    public async Task InitializeAsync() => _server = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Reconnects_after_the_server_has_closed_its_connections()
    {
        await using var redis = await Client.ConnectAsync(_server);
        var failures = 0;
        redis.ConnectionFailed += (_, _) => Interlocked.Increment(ref failures);
        await using var other = await Client.ConnectAsync(_server);

        foreach (var type in new[] { "normal", "pubsub" })
            await other.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");
        await Client.UntilAsync(() => Volatile.Read(ref failures) > 0, "the client has noticed");

        (await Client.EventuallyAsync(() => redis.GetDatabase().PingAsync())).Should().BePositive();
    }

    [Fact]
    public async Task Reconnects_after_the_server_is_killed_and_started_again()
    {
        await using var redis = await Client.ConnectAsync(_server);
        var subscriber = redis.GetSubscriber();
        var channel = RedisChannel.Literal("channel");
        var heard = 0;
        await subscriber.SubscribeAsync(channel, (_, _) => Interlocked.Increment(ref heard));

        _server.Kill();
        await Client.UntilAsync(() => !redis.IsConnected, "the client has noticed");
        await _server.StartAgainAsync();

        (await Client.EventuallyAsync(() => redis.GetDatabase().StringSetAsync("key", "value"))).Should().BeTrue();
        await Client.EventuallyAsync(async () =>
        {
            // The subscription comes back by itself, a moment after the connection.
            if (await redis.GetDatabase().PublishAsync(channel, 1) == 0)
                throw new TimeoutException("Nobody is subscribed yet.");
            return true;
        });
        await Client.UntilAsync(() => Volatile.Read(ref heard) > 0, "the message has arrived");
    }

    [Fact]
    public async Task Every_request_in_flight_ends_when_the_server_is_killed()
    {
        await using var redis = await Client.ConnectAsync(_server, o => o.BacklogPolicy = BacklogPolicy.FailFast);
        var db = redis.GetDatabase();
        _server.Freeze();
        var requests = Enumerable.Range(0, 1_000).Select(i => db.StringSetAsync("key", new byte[i])).ToArray();

        _server.Kill();
        await Task.WhenAll(requests.Select(r => Task.WhenAny(r))).WaitAsync(Client.Patience);

        requests.Should().OnlyContain(r => r.IsFaulted && r.Exception!.InnerException is RedisConnectionException);
    }

    [Fact]
    public async Task Times_out_on_a_frozen_server_and_recovers_with_it()
    {
        await using var redis = await Client.ConnectAsync(_server, o => (o.AsyncTimeout, o.SyncTimeout) = (400, 400));
        var db = redis.GetDatabase();
        _server.Freeze();
        RedisTimeoutException timeout;
        try
        {
            var asking = () => db.StringGetAsync("key");
            timeout = (await asking.Should().ThrowAsync<RedisTimeoutException>()).Which;
            var blocking = () => db.StringGet("key");
            blocking.Should().Throw<RedisTimeoutException>();
        }
        finally
        {
            _server.Thaw();
        }

        timeout.Message.Should().Contain("in-pipe: 0").And.Contain("out-pipe: 0", "the request had left");
        (await Client.EventuallyAsync(() => db.PingAsync())).Should().BePositive();
    }

    [Fact]
    public async Task A_frozen_server_does_not_hold_up_another_connection()
    {
        await using var healthy = await RedisServer.StartAsync();
        await using var stuck = await Client.ConnectAsync(_server, o => o.AsyncTimeout = 5_000);
        await using var redis = await Client.ConnectAsync(healthy);
        _server.Freeze();
        try
        {
            // More than the pipe takes before it pauses its writer, and more than the sockets' buffers.
            var waiting = Enumerable.Range(0, 40).Select(_ => stuck.GetDatabase().StringSetAsync("key", new byte[500_000])).ToArray();
            var since = Stopwatch.StartNew();
            for (var i = 0; i < 500; i++)
                await redis.GetDatabase().PingAsync();

            since.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
            waiting.Should().Contain(t => !t.IsCompletedSuccessfully);
        }
        finally
        {
            _server.Thaw();
        }
    }

    [Fact]
    public async Task Survives_kills_under_load()
    {
        await using var redis = await Client.ConnectAsync(_server);
        var db = redis.GetDatabase();
        using var end = new CancellationTokenSource();
        var unexpected = 0;
        var load = Enumerable.Range(0, 16).Select(async worker =>
        {
            var key = $"key {worker}";
            while (!end.IsCancellationRequested)
            {
                try
                {
                    await db.StringSetAsync(key, worker);

                    // Crossed replies would show here. A killed server forgets, so there may be none.
                    var read = await db.StringGetAsync(key);
                    if (!read.IsNull && (int)read != worker)
                        Interlocked.Increment(ref unexpected);
                }
                catch (Exception e) when (e is RedisConnectionException or RedisTimeoutException)
                {
                    await Task.Delay(5);
                }
            }
        }).ToArray();

        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(200);
            _server.Kill();
            await _server.StartAgainAsync();
            await Client.EventuallyAsync(() => db.PingAsync());
        }

        await end.CancelAsync();
        await Task.WhenAll(load).WaitAsync(Client.Patience);
        unexpected.Should().Be(0);
    }
}
