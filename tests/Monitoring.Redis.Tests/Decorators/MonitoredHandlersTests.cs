using System.Runtime.CompilerServices;
using Monitoring.Redis.Decorators;
using Monitoring.TestSupport;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>The client keeps its handlers as one delegate a channel; these tests do the same.</summary>
public sealed class MonitoredHandlersTests : IDisposable
{
    private static readonly RedisChannel Orders = RedisChannel.Literal("orders");

    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private readonly MonitoredHandlers _handlers;
    private readonly List<string> _received = [];

    public MonitoredHandlersTests() => _handlers = new MonitoredHandlers(new ChannelRecorders(_monitor.Redis));

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void The_same_handler_is_found_again_however_it_is_spelled()
    {
        var client = _handlers.Wrap(Orders, Receive);

        client -= _handlers.Find(Orders, Receive);

        client.Should().BeNull();
    }

    [Fact]
    public void A_handler_subscribed_twice_is_called_twice_and_removed_once_at_a_time()
    {
        var client = _handlers.Wrap(Orders, Receive);
        client += _handlers.Wrap(Orders, Receive);

        client!(Orders, "a");
        client -= _handlers.Find(Orders, Receive);
        client!(Orders, "b");
        client -= _handlers.Find(Orders, Receive);

        client.Should().BeNull();
        _received.Should().Equal("orders a", "orders a", "orders b");
    }

    [Fact]
    public void A_handler_of_several_targets_can_be_removed_in_parts()
    {
        var other = 0;
        void Other(RedisChannel channel, RedisValue message) => other++;
        Action<RedisChannel, RedisValue> both = Receive;
        both += Other;

        var client = _handlers.Wrap(Orders, both);
        client!.GetInvocationList().Should().HaveCount(2);
        client -= _handlers.Find(Orders, Receive);
        client!(Orders, "a");

        other.Should().Be(1);
        _received.Should().BeEmpty();
        (client - _handlers.Find(Orders, Other)).Should().BeNull();
    }

    [Fact]
    public void Channels_have_wrappers_of_their_own()
    {
        var client = _handlers.Wrap(Orders, Receive);

        client -= _handlers.Find(RedisChannel.Literal("invoices"), Receive);

        client.Should().NotBeNull();
    }

    [Fact]
    public void A_handler_that_was_subscribed_elsewhere_is_itself()
    {
        Action<RedisChannel, RedisValue> bare = Receive;

        _handlers.Find(Orders, bare).Should().Be(bare);
        _handlers.Find(Orders, null).Should().BeNull();
        _handlers.Wrap(Orders, null).Should().BeNull();
        _handlers.Wrap(default, bare).Should().Be(bare);
    }

    [Fact]
    public void What_a_handler_throws_is_counted_and_goes_on_as_it_is()
    {
        var thrown = new InvalidOperationException("mine");
        var client = _handlers.Wrap(Orders, (_, _) => throw thrown)!;

        client.Invoking(c => c(Orders, "a")).Should().Throw<InvalidOperationException>().Which.Should().BeSameAs(thrown);

        _monitor.Redis.GetSummary().Channels.Should().ContainSingle().Which.Should().Match<RedisChannelStatistics>(
            c => c.Channel == "orders" && c.Received == 1 && c.HandlerExceptions == 1);
    }

    [Fact]
    public void Messages_of_a_pattern_are_counted_by_the_channel_they_came_from()
    {
        var client = _handlers.Wrap(RedisChannel.Pattern("orders:*"), Receive)!;

        client(RedisChannel.Literal("orders:1"), "a");
        client(RedisChannel.Literal("orders:2:lines"), "b");

        _monitor.Redis.GetSummary().Channels.Select(c => c.Channel).Should().BeEquivalentTo("orders:{id}", "orders:{id}:lines");
        _received.Should().Equal("orders:1 a", "orders:2:lines b");
    }

    [Fact]
    public void Nothing_is_kept_of_handlers_that_nobody_is_subscribed_with()
    {
        var held = Subscribed();

        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 200; i++)
            {
                SubscribeAndForget(i);
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        _handlers.Count.Should().BeLessThan(1000);
        GC.Collect();
        held.Target.TryGetTarget(out _).Should().BeFalse("the table must not hold what the client let go of");
        GC.KeepAlive(held.Client);
        held.Client!(Orders, "still here");
        _received.Should().Contain("orders still here");
    }

    [Fact]
    public void Racing_threads_get_the_same_wrapper()
    {
        Action<RedisChannel, RedisValue>? client = null;
        var lockOfTheClient = new Lock();

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var wrapped = _handlers.Wrap(Orders, Receive);
                lock (lockOfTheClient)
                {
                    client += wrapped;
                }

                var found = _handlers.Find(Orders, Receive);
                lock (lockOfTheClient)
                {
                    client -= found;
                }
            }
        });

        client.Should().BeNull();
    }

    [Fact]
    public void A_message_costs_no_allocation()
    {
        var client = _handlers.Wrap(RedisChannel.Pattern("orders:*"), static (_, _) => { })!;
        var channel = RedisChannel.Literal("orders:1");
        for (var i = 0; i < 10_000; i++)
        {
            client(channel, "a");
        }

        RedisValue message = "a";
        Allocations.Least(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                client(channel, message);
            }
        }).Should().Be(0);
    }

    private void Receive(RedisChannel channel, RedisValue message) => _received.Add($"{channel} {message}");

    // Apart, so that no local of the test keeps what must not be kept.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SubscribeAndForget(int i) => _handlers.Wrap(Orders, (_, _) => _received.Add($"{i}"))!.Invoke(Orders, "x");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (Action<RedisChannel, RedisValue>? Client, WeakReference<object> Target) Subscribed()
    {
        var target = new List<int>();
        _handlers.Wrap(Orders, (_, _) => target.Add(1));
        return (_handlers.Wrap(Orders, Receive), new WeakReference<object>(target));
    }
}
