using NSubstitute;
using NSubstitute.ExceptionExtensions;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

public abstract partial class MonitoredRedisBehaviour
{
    private static readonly RedisChannel Orders = RedisChannel.Literal("orders:7");

    [Fact]
    public async Task Counts_what_is_published_by_channel_pattern()
    {
        await _setting.Db.PublishAsync(Orders, "a");
        _setting.Db.Publish(RedisChannel.Literal("orders:8"), "b");
        Subscriber(out _).Publish(Orders, "c");
        await Subscriber(out _).PublishAsync(Orders, "d", CommandFlags.FireAndForget);

        _setting.Summary.Channels.Should().ContainSingle().Which.Should().Match<RedisChannelStatistics>(c => c.Channel == "orders:{id}" && c.Published == 4);
        _setting.Operation("PUBLISH").Should().Match<RedisOperationStatistics>(o => o.Count == 3 && o.Sent == 1);
    }

    [Fact]
    public void Does_not_count_a_message_that_the_client_did_not_take()
    {
        _setting.Database.Publish(Orders, "a").Throws(new RedisConnectionException(ConnectionFailureType.UnableToConnect, "away"));
        _setting.Invoking(s => s.Db.Publish(Orders, "a")).Should().Throw<RedisConnectionException>();
        _setting.OpenCircuit();
        _setting.Invoking(s => s.Db.PublishAsync(Orders, "b")).Should().ThrowAsync<RedisCircuitOpenException>();

        _setting.Summary.Channels.Should().BeEmpty();
    }

    [Fact]
    public async Task Counts_a_queued_message_once_it_was_executed()
    {
        var batch = Substitute.For<IBatch>();
        var (sent, lost) = (new TaskCompletionSource<long>(), new TaskCompletionSource<long>());
        batch.PublishAsync(Orders, "a").Returns(sent.Task);
        batch.PublishAsync(Orders, "b").Returns(lost.Task);
        _setting.Database.CreateBatch().Returns(batch);

        var monitored = _setting.Db.CreateBatch();
        var first = monitored.PublishAsync(Orders, "a");
        var second = monitored.PublishAsync(Orders, "b");
        monitored.Execute();
        _setting.Summary.Channels.Should().BeEmpty();
        sent.SetResult(2);
        lost.SetCanceled();

        (await first).Should().Be(2);
        await second.Invoking(t => t).Should().ThrowAsync<TaskCanceledException>();
        _setting.Summary.Channels.Single().Published.Should().Be(1);
    }

    [Fact]
    public async Task Measures_handlers_and_finds_them_again_from_another_subscriber()
    {
        Action<RedisChannel, RedisValue>? client = null;
        var inner = Substitute.For<ISubscriber>();
        inner.When(s => s.Subscribe(Orders, Arg.Any<Action<RedisChannel, RedisValue>>())).Do(call => client += call.Arg<Action<RedisChannel, RedisValue>>());
        inner.SubscribeAsync(Orders, Arg.Any<Action<RedisChannel, RedisValue>>()).Returns(call => Add(call.Arg<Action<RedisChannel, RedisValue>>()));
        inner.When(s => s.Unsubscribe(Orders, Arg.Any<Action<RedisChannel, RedisValue>?>())).Do(call => client -= call.Arg<Action<RedisChannel, RedisValue>?>());
        inner.UnsubscribeAsync(Orders, Arg.Any<Action<RedisChannel, RedisValue>?>()).Returns(call => Remove(call.Arg<Action<RedisChannel, RedisValue>?>()));
        _setting.Inner.GetSubscriber(Arg.Any<object?>()).Returns(inner);
        var received = new List<string?>();
        void Receive(RedisChannel channel, RedisValue message) => received.Add(message);

        _setting.Monitored.GetSubscriber().Subscribe(Orders, Receive);
        await _setting.Monitored.GetSubscriber("state").SubscribeAsync(Orders, Receive);
        client!(Orders, "a");
        _setting.Monitored.GetSubscriber().Unsubscribe(Orders, Receive);
        client!(Orders, "b");
        await _setting.Monitored.GetSubscriber().UnsubscribeAsync(Orders, Receive);

        client.Should().BeNull();
        received.Should().Equal("a", "a", "b");
        _setting.Summary.Channels.Single().Received.Should().Be(3);
        _setting.Operation("SUBSCRIBE").Count.Should().Be(2);
        _setting.Operation("UNSUBSCRIBE").Count.Should().Be(2);

        Task Add(Action<RedisChannel, RedisValue>? handler)
        {
            client += handler;
            return Task.CompletedTask;
        }

        Task Remove(Action<RedisChannel, RedisValue>? handler)
        {
            client -= handler;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Unsubscribing_without_a_handler_reaches_the_client_as_it_is()
    {
        var monitored = Subscriber(out var inner);

        monitored.Unsubscribe(Orders);
        await monitored.UnsubscribeAsync(Orders, null, CommandFlags.PreferReplica);
        await monitored.UnsubscribeAllAsync();

        inner.Received().Unsubscribe(Orders, null, CommandFlags.None);
        await inner.Received().UnsubscribeAsync(Orders, null, CommandFlags.PreferReplica);
        await inner.Received().UnsubscribeAllAsync();
        _setting.Operation("UNSUBSCRIBE").Count.Should().Be(3);
    }

    private ISubscriber Subscriber(out ISubscriber inner)
    {
        inner = Substitute.For<ISubscriber>();
        _setting.Inner.GetSubscriber(Arg.Any<object?>()).Returns(inner);
        return _setting.Monitored.GetSubscriber();
    }
}
