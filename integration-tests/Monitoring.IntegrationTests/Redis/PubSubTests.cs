using System.Collections.Concurrent;
using Monitoring.Redis;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>Messages through a monitored and a bare multiplexer, on a real server.</summary>
public sealed class PubSubTests : IAsyncLifetime
{
    private const int Messages = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly RedisChannel Channel = RedisChannel.Literal("orders:7");

    private ServerProcess _server = null!;
    private PerformanceMonitor _monitor = null!;
    private IConnectionMultiplexer _bare = null!;
    private IConnectionMultiplexer _monitored = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartRedisAsync("--notify-keyspace-events", "KEA");
        _monitor = PerformanceMonitor.Create();
        _bare = await ConnectionMultiplexer.ConnectAsync(_server.EndPoint);
        _monitored = (await ConnectionMultiplexer.ConnectAsync(_server.EndPoint)).WithMonitoring(_monitor, new RedisConnectionOptions { UseDiagnostics = false });
    }

    public async Task DisposeAsync()
    {
        await _monitored.DisposeAsync();
        await _bare.DisposeAsync();
        _monitor.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_queue_gives_the_same_messages_in_the_same_order_and_subscribes_once()
    {
        var (bare, monitored) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        (await _bare.GetSubscriber().SubscribeAsync(Channel)).OnMessage(message => bare.Enqueue($"{message.Channel} {message.Message}"));
        var queue = await _monitored.GetSubscriber().SubscribeAsync(Channel);
        queue.OnMessage(message => monitored.Enqueue($"{message.Channel} {message.Message}"));
        (await SubscribersAsync()).Should().Be(2);

        await PublishAsync();

        await UntilAsync(() => bare.Count == Messages && monitored.Count == Messages);
        monitored.Should().Equal(bare);
        _monitor.Redis.GetSummary().Channels.Single().Should().Match<RedisChannelStatistics>(c => c.Published == Messages && c.Received == 0);

        await queue.UnsubscribeAsync();
        (await SubscribersAsync()).Should().Be(1, "nothing of the monitor's own holds the subscription");
        await queue.Completion;
    }

    [Fact]
    public async Task Handlers_get_the_same_messages_and_each_is_counted()
    {
        var (bare, monitored) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        await _bare.GetSubscriber().SubscribeAsync(Channel, (channel, message) => bare.Add($"{channel} {message}"));
        void Handle(RedisChannel channel, RedisValue message)
        {
            monitored.Add($"{channel} {message}");
            if ((int)message % 10 == 0)
            {
                throw new InvalidOperationException("the handler's own");
            }
        }

        var subscriber = _monitored.GetSubscriber();
        await subscriber.SubscribeAsync(Channel, Handle);
        (await SubscribersAsync()).Should().Be(2);

        await PublishAsync();

        await UntilAsync(() => bare.Count == Messages && monitored.Count == Messages);
        monitored.Should().BeEquivalentTo(bare);
        await UntilAsync(() => _monitor.Redis.GetSummary().Channels.Single().HandlerExceptions == Messages / 10);
        var statistics = _monitor.Redis.GetSummary().Channels.Single();
        statistics.Should().Match<RedisChannelStatistics>(c => c.Channel == "orders:{id}" && c.Published == Messages && c.Received == Messages);
        statistics.HandlerMaximum.Should().BePositive();

        await _monitored.GetSubscriber().UnsubscribeAsync(Channel, Handle);
        (await SubscribersAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_handler_subscribed_twice_is_unsubscribed_once_at_a_time_as_the_client_does_it()
    {
        (await CallsAsync(_bare)).Should().Equal(2, 1, 0);
        (await CallsAsync(_monitored)).Should().Equal(2, 1, 0);
    }

    [Fact]
    public async Task Notifications_about_keys_are_told_by_kind_and_key_pattern()
    {
        var received = 0;
        var pattern = RedisChannel.Pattern("__key*@0__:*");
        await _monitored.GetSubscriber().SubscribeAsync(pattern, (_, _) => Interlocked.Increment(ref received));

        await _monitored.GetDatabase().StringSetAsync("user:42:name", "value");

        await UntilAsync(() => Volatile.Read(ref received) == 2);
        _monitor.Redis.GetSummary().Channels.Select(c => c.Channel).Should().BeEquivalentTo("__keyspace@0__:user:{id}:name", "__keyevent@0__:set");
        await _monitored.GetSubscriber().UnsubscribeAllAsync();
        ((long)await _bare.GetDatabase().ExecuteAsync("PUBSUB", "NUMPAT")).Should().Be(0);
    }

    [Fact]
    public async Task Messages_of_a_transaction_count_when_it_was_committed()
    {
        var database = _monitored.GetDatabase();
        var committed = database.CreateTransaction();
        _ = committed.PublishAsync(Channel, "a");
        var refused = database.CreateTransaction();
        refused.AddCondition(Condition.KeyExists("missing"));
        _ = refused.PublishAsync(Channel, "b");
        var batch = database.CreateBatch();
        var batched = batch.PublishAsync(Channel, "c");

        (await committed.ExecuteAsync()).Should().BeTrue();
        (await refused.ExecuteAsync()).Should().BeFalse();
        batch.Execute();
        await batched;

        await UntilAsync(() => _monitor.Redis.GetSummary().Channels.SingleOrDefault()?.Published == 2);
    }

    private async Task<int[]> CallsAsync(IConnectionMultiplexer multiplexer)
    {
        var calls = 0;
        var channel = RedisChannel.Literal(multiplexer == _bare ? "bare" : "monitored");
        void Handle(RedisChannel from, RedisValue message) => Interlocked.Increment(ref calls);
        var subscriber = multiplexer.GetSubscriber();
        await subscriber.SubscribeAsync(channel, Handle);
        await subscriber.SubscribeAsync(channel, Handle);

        var counts = new List<int>();
        foreach (var expected in new[] { 2, 1, 0 })
        {
            calls = 0;
            await _bare.GetSubscriber().PublishAsync(channel, "x");
            await UntilAsync(() => Volatile.Read(ref calls) >= expected);

            // What should not come has had its chance once a later message is through.
            await subscriber.PingAsync();
            counts.Add(Volatile.Read(ref calls));
            await multiplexer.GetSubscriber().UnsubscribeAsync(channel, Handle);
        }

        return [.. counts];
    }

    private async Task PublishAsync()
    {
        for (var i = 0; i < Messages; i++)
        {
            await _monitored.GetSubscriber().PublishAsync(Channel, i);
        }
    }

    private async Task<long> SubscribersAsync() => (long)((RedisResult[])(await _bare.GetDatabase().ExecuteAsync("PUBSUB", "NUMSUB", (string)Channel!))!)[1];

    private static Task UntilAsync(Func<bool> condition) => Eventually.Async(() => Task.FromResult(condition()), Patience, static () => "messages are missing");
}
