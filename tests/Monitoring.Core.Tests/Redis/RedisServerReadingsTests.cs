using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisServerReadingsTests : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(15);

    private readonly FakeClock _time = new();
    private readonly SliceClock _clock;
    private readonly RedisServer _server;

    public RedisServerReadingsTests()
    {
        _clock = new SliceClock(_time);
        _server = new RedisServer("10.0.0.1:6379", _clock);
    }

    public void Dispose() => _clock.Dispose();

    [Fact]
    public void Reads_what_the_server_said_last_until_it_is_older_than_three_polls()
    {
        _server.Publish(new RedisServerStatistics { EndPoint = "10.0.0.1:6379", MemoryPercent = 91, MemoryPolicy = "volatile-lru", EvictionsPerSecond = 2, RejectedConnections = 3, HitRatePercent = 60, Lookups = 250 });

        Read().Should().BeEquivalentTo(new Dictionary<string, (double, long)>
        {
            [MetricNames.RedisMemory] = (91, 0),
            [MetricNames.RedisEvictions] = (2, 0),
            [MetricNames.RedisRejectedConnections] = (3, 0),
            [MetricNames.RedisMissRate] = (40, 250),
        });

        _time.Advance(3 * PollInterval);
        Read().Should().NotBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(1));
        Read().Should().BeEmpty();
    }

    [Fact]
    public void Setting_the_wall_clock_makes_nothing_stale()
    {
        _server.Publish(new RedisServerStatistics { EndPoint = "10.0.0.1:6379", MemoryPercent = 91 });

        _time.JumpWallClock(TimeSpan.FromDays(1));

        Read().Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("noeviction", true)]
    [InlineData("volatile-lru", true)]
    [InlineData("allkeys-lru", false)]
    public void A_cache_that_may_evict_any_key_is_meant_to_be_full(string policy, bool expected)
    {
        _server.Publish(new RedisServerStatistics { EndPoint = "10.0.0.1:6379", MemoryPercent = 99, MemoryPolicy = policy });

        Read().ContainsKey(MetricNames.RedisMemory).Should().Be(expected);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("noeviction", false)]
    [InlineData("volatile-ttl", true)]
    [InlineData("allkeys-lru", true)]
    public void Only_of_a_server_that_evicts_keys_does_the_hit_rate_say_something(string? policy, bool expected)
    {
        _server.Publish(new RedisServerStatistics { EndPoint = "10.0.0.1:6379", HitRatePercent = 10, Lookups = 1000, MemoryPolicy = policy });

        Read().ContainsKey(MetricNames.RedisMissRate).Should().Be(expected);
    }

    [Theory]
    [InlineData(null, 12, 12)]
    [InlineData(true, 9, 0)]
    [InlineData(true, 25, 15)]
    [InlineData(false, 12, 12)]
    public void A_source_that_pings_every_ten_seconds_is_not_silent_for_less(bool? isLinkUp, int heardOf, int silent)
    {
        _server.Publish(new RedisServerStatistics { EndPoint = "10.0.0.1:6379", IsReplicationLinkUp = isLinkUp, ReplicationLag = TimeSpan.FromSeconds(heardOf) });

        Read()[MetricNames.RedisReplicationLag].Value.Should().Be(1000 * silent);
    }

    [Fact]
    public void One_connection_at_a_time_asks_a_server_and_its_figures_go_with_it()
    {
        var (first, second) = (new object(), new object());
        _server.TryClaim(first).Should().BeTrue();
        _server.TryClaim(second).Should().BeFalse();
        _server.Publish(new RedisServerStatistics { EndPoint = "10.0.0.1:6379" });

        _server.Release(second);
        _server.TryClaim(first).Should().BeTrue();
        _server.Release(first);

        _server.Statistics.Should().BeNull();
        _server.TryClaim(second).Should().BeTrue();
    }

    [Fact]
    public void Time_of_commands_is_over_whole_polls()
    {
        var time = _server.Time;
        time.GetBusyPercent(TimeSpan.FromMinutes(1)).Should().BeNull();
        time.GetMean("GET", TimeSpan.FromMinutes(1)).Should().BeNull();

        time.Add("GET", 10, 1_000_000);
        time.Add("SET", 5, 2_000_000);
        time.AddObserved(TimeSpan.FromSeconds(15));
        _time.Advance(TimeSpan.FromSeconds(2));

        time.GetObserved(TimeSpan.FromMinutes(1)).Should().Be(TimeSpan.FromSeconds(15));
        time.GetBusyPercent(TimeSpan.FromMinutes(1)).Should().Be(20);
        time.GetMean("get", TimeSpan.FromMinutes(1)).Should().Be(TimeSpan.FromMilliseconds(100));
        time.GetMean("DEL", TimeSpan.FromMinutes(1)).Should().BeNull();
        time.GetBusyPercent(TimeSpan.FromSeconds(1)).Should().BeNull("the poll was longer ago");
    }

    private Dictionary<string, (double Value, long Count)> Read()
    {
        var readings = new List<MetricReading>();
        RedisServerReadings.Add(readings, _server, PollInterval);
        readings.Should().NotContain(static reading => reading.Instance != "10.0.0.1:6379" || !reading.Context!().ContainsKey("endPoint"));
        return readings.ToDictionary(static reading => reading.Metric, static reading => (reading.Value, reading.Count));
    }
}
