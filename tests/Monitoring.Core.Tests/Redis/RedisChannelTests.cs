using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisChannelTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();
    private readonly SliceClock _slices;

    private readonly RedisTelemetry _telemetry;

    public RedisChannelTests()
    {
        _slices = new SliceClock(_clock);
        _telemetry = new RedisTelemetry(_clock, new InternalErrors(NullLogger.Instance, _clock), null);
    }

    public void Dispose()
    {
        _telemetry.Dispose();
        _slices.Dispose();
    }

    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("orders:42", "orders:{id}")]
    [InlineData("hub:3f2504e0-4f89-11d3-9a0c-0305e82c3301", "hub:{id}")]
    [InlineData("__keyspace@0__:user:42", "__keyspace@0__:user:{id}")]
    [InlineData("__keyevent@12__:expired", "__keyevent@12__:expired")]
    [InlineData("__keyevent@x__:expired", "{id}:expired")]
    [InlineData("__keyspace@0", "{id}")]
    public void Channels_are_told_apart_by_pattern(string channel, string pattern) =>
        Channels(10).Get(channel).Pattern.Should().Be(pattern);

    [Fact]
    public void A_pattern_that_is_too_long_is_cut_and_counted_all_the_same() =>
        Channels(10).Get("__keyspace@0__:" + string.Join(':', Enumerable.Repeat("name", 60))).Pattern.Length.Should().BeInRange(100, 128);

    [Fact]
    public void What_is_beyond_the_capacity_shares_one_entry()
    {
        var channels = Channels(2);

        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            channels.Get(name).Published();
        }

        channels.GetStatistics(Minute).Select(c => (c.Channel, c.Published)).Should().BeEquivalentTo([("a", 1L), ("b", 1L), ("OTHER", 2L)]);
        channels.Overflowed.Should().Be(2);
    }

    [Fact]
    public void Without_capacity_all_channels_share_one_entry()
    {
        var channels = Channels(0);

        channels.Get("a").Published();
        channels.Get("b").Published();

        channels.GetStatistics(Minute).Should().ContainSingle().Which.Should().Match<RedisChannelStatistics>(c => c.Channel == "OTHER" && c.Published == 2);
    }

    [Fact]
    public void Only_the_window_counts_and_the_busiest_comes_first()
    {
        var channels = Channels(10);
        channels.Get("old").Published();
        _clock.Advance(TimeSpan.FromMinutes(5));
        channels.Get("quiet").Published();
        channels.Get("busy").Published();
        channels.Get("busy").Received();

        channels.GetStatistics(Minute).Select(c => c.Channel).Should().Equal("busy", "quiet");
    }

    [Fact]
    public void A_handler_counts_as_received_when_it_begins_and_as_an_exception_when_it_threw()
    {
        var recorder = Channels(10).Get("orders");

        var start = recorder.Received();
        recorder.Received();
        recorder.Handled(start - (Stopwatch.Frequency / 10), new InvalidOperationException());

        var statistics = recorder.GetStatistics(Minute);
        statistics.Received.Should().Be(2);
        statistics.HandlerExceptions.Should().Be(1);
        statistics.HandlerMaximum.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(100));
        (recorder.TotalReceived, recorder.TotalHandlerExceptions, recorder.TotalPublished).Should().Be((2, 1, 0));
    }

    [Fact]
    public void Nothing_is_lost_when_many_record_at_once()
    {
        var channels = Channels(10);
        const int each = 10_000;

        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < each; i++)
            {
                var recorder = channels.Get("orders:1");
                recorder.Published();
                recorder.Handled(recorder.Received(), i % 10 == 0 ? new InvalidOperationException() : null);
            }
        });

        channels.GetStatistics(Minute).Should().ContainSingle().Which.Should().Match<RedisChannelStatistics>(
            c => c.Published == 4 * each && c.Received == 4 * each && c.HandlerExceptions == 4 * each / 10);
    }

    private RedisChannels Channels(int capacity) => new(_slices, capacity, _telemetry);
}
