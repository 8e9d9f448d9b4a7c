using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisLatencySourcesTests : IDisposable
{
    private const string Server = "a:6379";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeClock _clock = new();
    private readonly RedisMonitor _redis;

    public RedisLatencySourcesTests()
    {
        var errors = new InternalErrors(NullLogger.Instance, _clock);
        _redis = new RedisMonitor(
            new SliceClock(_clock), new RedisMonitoringOptions(), new CircuitBreakerRegistry(_clock, new CircuitBreakerOptions(), NullLogger.Instance, errors), errors);
    }

    public void Dispose() => _redis.Dispose();

    [Fact]
    public void Without_a_source_everything_is_unknown()
    {
        Record("GET", 10);

        var verdict = _redis.GetLatencyVerdict(Minute);

        verdict.UnknownPercent.Should().Be(100);
        verdict.MissingSources.Should().Equal("commandstats", "ping", "thread-pool", "counters", "reply-sizes");
    }

    [Fact]
    public void Execution_is_weighted_by_the_callers_own_mix_of_commands()
    {
        Record("GET", 10);
        Record("GET", 10);
        Record("GET", 10);
        Record("HGETALL", 10);
        Poll(("GET", 1000, 1), ("HGETALL", 10, 9), ("KEYS", 1, 1000));

        _redis.GetLatencyVerdict(Minute).ServerPercent.Should().BeApproximately(30, 0.5, "(3 × 1 + 9) / 4 of 10 ms");
    }

    [Fact]
    public void Pings_that_wait_go_to_the_server_as_far_as_it_was_busy()
    {
        Record("GET", 100);
        Poll(("DEBUG", 1, 500));
        for (var i = 0; i < 9; i++)
        {
            Ping(1);
        }

        Ping(901);

        var verdict = _redis.GetLatencyVerdict(Minute);

        verdict.Cause.Should().Be(RedisLatencyCause.Server);
        verdict.Explanation.Should().Contain("the server executed commands 50 % of the time").And.Contain("a PING took 91 ms on average and 1 ms at least");
    }

    [Fact]
    public void Pings_that_wait_while_the_server_does_nothing_are_the_network()
    {
        Record("GET", 100);
        Poll(("PING", 10, 0));
        Ping(1);
        Ping(161);

        _redis.GetLatencyVerdict(Minute).NetworkPercent.Should().BeApproximately(81, 2);
    }

    [Fact]
    public void A_window_shorter_than_the_polls_uses_the_last_one()
    {
        Poll(("GET", 10, 5));
        _clock.Advance(TimeSpan.FromSeconds(12));
        Record("GET", 10);

        _redis.GetLatencyVerdict(Second).ServerPercent.Should().BeApproximately(50, 0.5);
    }

    [Fact]
    public void The_context_of_an_alert_about_latency_says_where_the_time_went()
    {
        Record("GET", 10);
        Poll(("GET", 10, 9));
        var readings = new List<MetricReading>();

        _redis.Collect(readings, Minute);

        var context = readings.Single(static reading => reading.Metric == MetricNames.RedisOperationLatency).Context!();
        context["latencyCause"].Should().Be("Server");
        context["latencyExplanation"].Should().StartWith("GET took 10 ms on average: server 9 ms");
    }

    private void Record(string operation, double milliseconds) => _redis.Record(new RedisOperationMetric(operation, Ms(milliseconds)));

    // One second between two polls.
    private void Poll(params (string Command, long Calls, double MillisecondsEach)[] commands)
    {
        var time = _redis.FindServer(Server)!.Time;
        foreach (var (command, calls, each) in commands)
        {
            time.Add(command, calls, (long)(calls * each * 1000));
        }

        time.AddObserved(Second);
    }

    private void Ping(double milliseconds) => _redis.Probes[Server].RoundTrips.Record(Ms(milliseconds), Second);

    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);
}
