using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

/// <summary>Operations by server, and which of them are recorded.</summary>
public sealed class RedisOperationsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();
    private readonly RedisMonitor _redis;

    public RedisOperationsTests() => _redis = Create(new RedisMonitoringOptions());

    [Fact]
    public void Tells_the_operations_of_each_server_and_adds_them_up_by_command()
    {
        Record("GET", "a:1", 10, 3);
        Record("GET", "b:2", 30, 1);
        Record("SET", "a:1", 10, 1);
        _redis.GetOperation("GET", "b:2").Failed(Stopwatch.GetTimestamp(), RedisFailureKind.Server, "OOM");
        _redis.GetOperation("GET", "b:2").Sent();

        var summary = _redis.GetSummary();

        summary.TotalOperations.Should().Be(6);
        var get = summary.OperationsByType["GET"];
        (get.Count, get.Failures, get.Sent).Should().Be((5, 1, 1));
        get.Maximum.Should().Be(TimeSpan.FromMilliseconds(30));
        get.Errors.Should().ContainSingle().Which.Should().Be(KeyValuePair.Create("OOM", 1L));
        summary.EndPoints.Select(e => (e.EndPoint, e.Count, e.Failures.Server)).Should().Equal(("a:1", 4, 0), ("b:2", 2, 1));
        summary.EndPoints[0].OperationsByType.Keys.Should().Equal("GET", "SET");
        summary.EndPoints[0].P99.TotalMilliseconds.Should().BeApproximately(10, 0.4);
        summary.EndPoints[1].OperationsByType["GET"].Count.Should().Be(2);
    }

    [Fact]
    public void An_operation_whose_server_nobody_knows_stands_beside_those_of_servers()
    {
        Record("GET", null, 10, 2);
        Record("GET", "a:1", 10, 1);

        _redis.GetSummary().EndPoints.Select(e => (e.EndPoint, e.Count)).Should().Equal((null, 2), ("a:1", 1));
        _redis.GetOperation("GET").EndPoint.Should().BeNull();
        _redis.GetOperation("get", "a:1").Should().BeSameAs(_redis.GetOperation("GET", "a:1"));
    }

    [Fact]
    public void Alerts_have_one_series_for_a_command_over_all_servers()
    {
        Record("GET", "a:1", 10, 95);
        Record("GET", "b:2", 500, 20);
        var readings = new List<MetricReading>();

        _redis.Collect(readings, Minute);

        var latency = readings.Where(r => r.Metric == MetricNames.RedisOperationLatency).Should().ContainSingle().Which;
        (latency.Instance, latency.Count).Should().Be(("GET", 115));
        latency.Value.Should().BeApproximately(500, 20);
        latency.Context!().Should().Contain("operation", "GET").And.Contain("count", "115");
    }

    [Fact]
    public void The_cap_holds_over_all_servers_together()
    {
        for (var i = 0; i < 600; i++)
        {
            Record($"CMD{i}", "a:1", 1, 1);
            Record($"CMD{i}", "b:2", 1, 1);
        }

        var summary = _redis.GetSummary();

        summary.EndPoints.Sum(e => e.OperationsByType.Count).Should().Be(1024);
        summary.OperationsByType["OTHER"].Count.Should().Be(1200 - 1023);
        summary.EndPoints.Single(e => e.EndPoint is null).OperationsByType.Keys.Should().Equal("OTHER");
        summary.TotalOperations.Should().Be(1200);
    }

    [Fact]
    public void Finding_a_known_operation_of_a_server_allocates_nothing()
    {
        _redis.GetOperation("GET", "a:1");
        Allocations.Least(() =>
        {

            for (var i = 0; i < 1000; i++)
            {
                _redis.GetOperation("get", "a:1");
            }
        }).Should().Be(0);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("get", true)]
    [InlineData("PING", false)]
    [InlineData("SET", false)]
    public void Records_what_is_included_and_not_excluded_whatever_the_case(string command, bool recorded)
    {
        var redis = Create(new RedisMonitoringOptions { IncludeCommands = { " get", "Ping" }, ExcludeCommands = { "ping" } });

        redis.GetOperation(command, "a:1").IsRecorded.Should().Be(recorded);
        redis.Record(new RedisOperationMetric(command, Minute));

        redis.GetSummary().TotalOperations.Should().Be(recorded ? 1 : 0);
        redis.GetSummary().Recent.Should().HaveCount(recorded ? 1 : 0);
    }

    [Fact]
    public void A_reload_reaches_recorders_that_are_kept()
    {
        var get = _redis.GetOperation("GET");
        get.IsRecorded.Should().BeTrue();

        _redis.Reload(new RedisMonitoringOptions { ExcludeCommands = { "GET" } });
        get.IsRecorded.Should().BeFalse();

        _redis.Reload(new RedisMonitoringOptions { ExcludeCommands = { "SET" } });
        get.IsRecorded.Should().BeTrue();

        _redis.Reload(new RedisMonitoringOptions());
        get.IsRecorded.Should().BeTrue();
    }

    [Fact]
    public void A_reload_moves_the_slow_threshold_and_the_sample()
    {
        _redis.Reload(new RedisMonitoringOptions { SlowThreshold = TimeSpan.FromMilliseconds(5), SamplesPerSecond = 0 });

        _redis.Record(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(4)));
        _redis.Record(new RedisOperationMetric("GET", TimeSpan.FromMilliseconds(6)));

        _redis.GetSummary().Recent.Should().ContainSingle().Which.Duration.Should().Be(TimeSpan.FromMilliseconds(6));
        _redis.Options.SamplesPerSecond.Should().Be(0);
    }

    private void Record(string operation, string? endPoint, double milliseconds, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _redis.GetOperation(operation, endPoint).Record(TimeSpan.FromMilliseconds(milliseconds), RedisFailureKind.None, null);
        }
    }

    private RedisMonitor Create(RedisMonitoringOptions options)
    {
        var errors = new InternalErrors(NullLogger.Instance, _clock);
        return new RedisMonitor(
            new SliceClock(_clock), options, new CircuitBreakerRegistry(_clock, new CircuitBreakerOptions(), NullLogger.Instance, errors), errors);
    }
}
