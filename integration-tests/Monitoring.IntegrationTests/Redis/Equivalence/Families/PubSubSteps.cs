using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class PubSubSteps
{
    private static readonly RedisChannel News = RedisChannel.Literal("news");
    private static readonly RedisChannel AnyNews = RedisChannel.Pattern("news.*");

    public static Family All { get; } = new("pub/sub")
    {
        db => db.PublishAsync(News, "nobody listens"),
        client => client.Subscriber.Publish(News, "nobody listens"),
        client => ByHandlerAsync(client, News, News),
        client => ByHandlerAsync(client, AnyNews, RedisChannel.Literal("news.sport")),
        client => ByQueueAsync(client, News, News),
        client => ByQueueAsync(client, AnyNews, RedisChannel.Literal("news.sport")),
        client => client.Subscriber.IsConnected(News),
        client => client.Subscriber.SubscribedEndpoint(News),
        client => client.Subscriber.Ping(),
        client => client.Server.SubscriptionChannels(AnyNews),
        client => client.Server.SubscriptionSubscriberCountAsync(News),
        client => client.Subscriber.UnsubscribeAllAsync(),
        client => client.Subscriber.Publish(News, "nobody listens any more"),
    };

    private static async Task<object> ByHandlerAsync(ScriptClient client, RedisChannel subscribed, RedisChannel published)
    {
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Handle(RedisChannel channel, RedisValue message) => received.TrySetResult($"{channel}: {message}");
        await client.Subscriber.SubscribeAsync(subscribed, Handle);
        var receivers = await client.Subscriber.PublishAsync(published, "hello");
        var message = await received.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.Subscriber.UnsubscribeAsync(subscribed, Handle);
        return (receivers, message);
    }

    private static async Task<object> ByQueueAsync(ScriptClient client, RedisChannel subscribed, RedisChannel published)
    {
        var queue = await client.Subscriber.SubscribeAsync(subscribed);
        await client.Subscriber.PublishAsync(published, "one");
        client.Subscriber.Publish(published, "two");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var first = await queue.ReadAsync(patience.Token);
        var second = await queue.ReadAsync(patience.Token);
        await queue.UnsubscribeAsync();
        return (first.ToString(), second.ToString());
    }
}
