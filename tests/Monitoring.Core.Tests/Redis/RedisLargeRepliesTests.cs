using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisLargeRepliesTests
{
    private const long Megabyte = 1 << 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();
    private readonly RedisLargeReplies _replies;

    public RedisLargeRepliesTests() => _replies = new RedisLargeReplies(new SliceClock(_clock));

    [Fact]
    public void Says_nothing_while_no_size_is_known()
    {
        Ended(1, reply: null);

        _replies.GetTimes(Minute).Should().BeNull();
    }

    [Fact]
    public void Small_replies_hold_nobody_up()
    {
        _clock.Advance(Ms(1000));
        Ended(1000, reply: 100);
        Ended(900, reply: 100);

        Times().Should().Be((0, 0));
    }

    [Fact]
    public void What_was_asked_while_a_large_reply_arrived_waited_for_it()
    {
        _clock.Advance(Ms(2000));
        Ended(1000, reply: Megabyte);
        Ended(700, reply: 10);
        _clock.Advance(Ms(50));
        Ended(250, reply: 10);
        Ended(20, reply: 10);

        Times().Should().Be((1000, 900), "of the 250 ms, 200 were before the large reply had arrived");
    }

    [Fact]
    public void A_large_reply_that_waits_for_another_is_behind_it()
    {
        _clock.Advance(Ms(1000));
        Ended(600, reply: Megabyte);
        _clock.Advance(Ms(400));
        Ended(900, reply: Megabyte);
        Ended(1000, reply: 10);

        Times().Should().Be((1000, 1500), "500 ms of the second, and all of the small one");
    }

    [Fact]
    public void Those_that_are_seen_before_the_large_reply_waited_for_it_too_and_count_once()
    {
        _clock.Advance(Ms(2000));
        Ended(500, reply: 10);
        Ended(1000, reply: Megabyte);
        _clock.Advance(Ms(100));
        Ended(300, reply: Megabyte);

        Times().Should().Be((1100, 700), "200 ms of the second large one, and the small one once");
    }

    [Fact]
    public void An_operation_of_the_sample_counts_for_those_it_stands_for_and_a_slow_one_for_itself()
    {
        _clock.Advance(Ms(1000));
        Ended(500, reply: Megabyte, weight: 0, slow: true);
        Ended(10, reply: 10, weight: 20);
        Ended(100, reply: 10, weight: 20, slow: true);
        Ended(10, reply: 10, weight: 0);

        Times().Should().Be((500, 300));
    }

    [Fact]
    public async Task Counts_every_operation_of_many_threads()
    {
        _clock.Advance(Ms(1000));
        Ended(1000, reply: Megabyte);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Ended(10, reply: 10);
            }
        })));

        Times().Should().Be((1000, 400_000));
    }

    private void Ended(double duration, long? reply, long weight = 1, bool slow = false) => _replies.Observe(
        new RedisObservation("GET", "a:1", "key", Ms(duration), RedisFailureKind.None, null, weight, null, reply, slow));

    private (double Transfer, double Behind) Times()
    {
        var (transfer, behind) = _replies.GetTimes(Minute)!.Value;
        return (transfer.TotalMilliseconds, behind.TotalMilliseconds);
    }

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);
}
