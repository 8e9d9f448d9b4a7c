using System.Collections.Concurrent;

namespace StandIns.Tests;

[Collection(OnSharedServer.Name)]
public sealed class PubSubTests(SharedServer server)
{
    [Theory]
    [InlineData(Wire.Resp2)]
    [InlineData(Wire.Resp3)]
    [InlineData(Wire.Tls)]
    public async Task Messages_arrive_in_order_and_end_with_the_subscription(Wire wire)
    {
        await using var redis = await server.ConnectAsync(wire);
        var subscriber = redis.GetSubscriber();
        var channel = RedisChannel.Literal(Client.Key("channel").ToString());
        var received = new ConcurrentQueue<int>();
        var queue = await subscriber.SubscribeAsync(channel);
        queue.OnMessage(message => received.Enqueue((int)message.Message));

        await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => subscriber.PublishAsync(channel, i)));
        await Client.UntilAsync(() => received.Count == 5_000, "all messages have arrived");
        await queue.UnsubscribeAsync();
        var receivers = await redis.GetDatabase().PublishAsync(channel, "too late");

        received.Should().Equal(Enumerable.Range(0, 5_000));
        receivers.Should().Be(0);
    }

    [Fact]
    public async Task Every_handler_of_a_channel_hears_a_message()
    {
        await using var redis = await server.ConnectAsync();
        var subscriber = redis.GetSubscriber();
        var channel = RedisChannel.Literal(Client.Key("channel").ToString());
        var heard = new ConcurrentBag<string>();
        void First(RedisChannel _, RedisValue message) => heard.Add($"first {message}");
        void Second(RedisChannel _, RedisValue message) => heard.Add($"second {message}");
        await subscriber.SubscribeAsync(channel, First);
        await subscriber.SubscribeAsync(channel, Second);

        await subscriber.PublishAsync(channel, 1);
        await Client.UntilAsync(() => heard.Count == 2, "both have heard it");
        await subscriber.UnsubscribeAsync(channel, First);
        await subscriber.PublishAsync(channel, 2);
        await Client.UntilAsync(() => heard.Count == 3, "the one left has heard it");

        heard.Should().BeEquivalentTo("first 1", "second 1", "second 2");
    }

    [Fact]
    public async Task A_pattern_hears_what_matches_it()
    {
        await using var redis = await server.ConnectAsync();
        var subscriber = redis.GetSubscriber();
        var prefix = Client.Key("news").ToString();
        var heard = new ConcurrentQueue<string>();
        await subscriber.SubscribeAsync(RedisChannel.Pattern(prefix + ".*"), (channel, message) => heard.Enqueue($"{channel}={message}"));

        await subscriber.PublishAsync(RedisChannel.Literal("other" + prefix), "no");
        await subscriber.PublishAsync(RedisChannel.Literal(prefix + ".sport"), "yes");
        await Client.UntilAsync(() => !heard.IsEmpty, "the message has arrived");

        heard.Should().Equal($"{prefix}.sport=yes");
    }
}
