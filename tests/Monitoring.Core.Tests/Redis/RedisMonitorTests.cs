using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Monitoring.Validation;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisMonitorTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();
    private readonly SliceClock _slices;
    private readonly InternalErrors _errors;
    private readonly CircuitBreakerRegistry _circuits;
    private readonly RedisMonitor _redis;

    public RedisMonitorTests()
    {
        _slices = new SliceClock(_clock);
        _errors = new InternalErrors(NullLogger.Instance, _clock);
        _circuits = new CircuitBreakerRegistry(_clock, new CircuitBreakerOptions(), NullLogger.Instance, _errors);
        _redis = NewMonitor(new RedisMonitoringOptions());
    }

    [Fact]
    public void An_empty_window_gives_zeros()
    {
        _redis.GetOperation("GET");

        var summary = _redis.GetSummary();

        summary.TotalOperations.Should().Be(0);
        summary.SuccessRatePercent.Should().Be(0);
        summary.AverageLatency.Should().Be(TimeSpan.Zero);
        summary.P99.Should().Be(TimeSpan.Zero);
        summary.Failures.Total.Should().Be(0);
        summary.OperationsByType.Should().BeEmpty();
        summary.Recent.Should().BeEmpty();
    }

    [Fact]
    public void Tells_what_succeeded_and_what_failed_by_command_kind_and_error()
    {
        Record("GET", 10);
        Record("GET", 20);
        Record("GET", 5000, RedisFailureKind.Timeout, "RedisTimeoutException");
        Record("HSET", 1, RedisFailureKind.Server, "WRONGTYPE");
        Record("HSET", 1, RedisFailureKind.Server, "OOM");

        var summary = _redis.GetSummary();

        summary.TotalOperations.Should().Be(5);
        summary.SuccessRatePercent.Should().Be(40);
        summary.Failures.Should().Be(new RedisFailureCounts { Timeout = 1, Server = 2 });
        summary.OperationsByType.Keys.Should().Equal("GET", "HSET");
        var get = summary.OperationsByType["GET"];
        (get.Count, get.Failures).Should().Be((3, 1));
        get.FailureRatePercent.Should().BeApproximately(33.3, 0.1);
        get.Maximum.Should().Be(TimeSpan.FromSeconds(5));
        get.Errors.Should().Equal(new Dictionary<string, long> { ["RedisTimeoutException"] = 1 });
        summary.OperationsByType["HSET"].Errors.Should().BeEquivalentTo(new Dictionary<string, long> { ["WRONGTYPE"] = 1, ["OOM"] = 1 });
    }

    [Fact]
    public void The_latency_over_all_commands_is_merged_not_averaged()
    {
        for (var i = 0; i < 98; i++)
        {
            Record("GET", 10);
        }

        Record("KEYS", 1000);
        Record("KEYS", 1000);

        var summary = _redis.GetSummary();

        summary.AverageLatency.TotalMilliseconds.Should().BeApproximately(29.8, 0.1);
        summary.P50.TotalMilliseconds.Should().BeApproximately(10, 0.4);
        summary.P99.TotalMilliseconds.Should().BeApproximately(1000, 32);
    }

    [Fact]
    public void A_timeout_is_in_the_latency_and_a_rejected_call_is_not()
    {
        Record("GET", 1000, RedisFailureKind.Timeout, "RedisTimeoutException");
        for (var i = 0; i < 99; i++)
        {
            Record("GET", 0.001, RedisFailureKind.Rejected, "RedisCircuitOpenException");
        }

        var summary = _redis.GetSummary();

        summary.P50.Should().Be(TimeSpan.FromSeconds(1));
        summary.TotalOperations.Should().Be(100);
        summary.Failures.Should().Be(new RedisFailureCounts { Timeout = 1, Rejected = 99 });
        summary.SuccessRatePercent.Should().Be(0);
    }

    [Fact]
    public void A_caller_that_gave_up_is_an_operation_but_not_a_failure()
    {
        Record("GET", 1, RedisFailureKind.Canceled, "OperationCanceledException");

        var summary = _redis.GetSummary();

        summary.TotalOperations.Should().Be(1);
        summary.Failures.Canceled.Should().Be(1);
        summary.SuccessRatePercent.Should().Be(100);
    }

    [Fact]
    public void Counts_the_items_of_a_batch_and_what_was_sent_without_an_answer_apart()
    {
        var pipeline = _redis.GetOperation("PIPELINE");
        pipeline.Succeeded(Stopwatch.GetTimestamp());
        pipeline.AddItems(50);
        _redis.GetOperation("PUBLISH").Sent();

        var summary = _redis.GetSummary();

        summary.TotalOperations.Should().Be(1);
        summary.OperationsByType["PIPELINE"].Items.Should().Be(50);
        summary.Sent.Should().Be(1);
        summary.OperationsByType["PUBLISH"].Should().Match<RedisOperationStatistics>(o => o.Sent == 1 && o.Count == 0);
    }

    [Fact]
    public void Forgets_what_is_older_than_the_window()
    {
        Record("GET", 5, RedisFailureKind.Timeout, "RedisTimeoutException");
        Advance(30);
        Record("SET", 5);

        _redis.GetSummary(Minute).TotalOperations.Should().Be(2);
        _redis.GetSummary(TimeSpan.FromSeconds(10)).OperationsByType.Keys.Should().Equal("SET");
        Advance(3700);
        _redis.GetSummary().TotalOperations.Should().Be(0);
        _redis.GetSummary().Failures.Timeout.Should().Be(0);
    }

    [Fact]
    public void A_window_of_more_than_an_hour_is_an_hour()
    {
        _redis.GetSummary(TimeSpan.FromDays(30)).Window.Should().Be(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Commands_are_told_apart_without_case()
    {
        _redis.GetOperation("get").Should().BeSameAs(_redis.GetOperation("GET"));
        _redis.GetOperation("get").Operation.Should().Be("GET");
    }

    [Fact]
    public void Beyond_1024_commands_the_others_share_one_recorder_and_are_counted()
    {
        for (var i = 0; i < 2000; i++)
        {
            _redis.GetOperation($"CMD{i}").Sent();
        }

        var summary = _redis.GetSummary();

        summary.OperationsByType.Should().HaveCount(1024);
        summary.OperationsByType["OTHER"].Sent.Should().Be(2000 - 1023);
        summary.OverflowedOperations.Should().Be(2000 - 1023);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a name of many characters that no command has, repeated until nobody would take it for one: get get get get get get get get get get get")]
    public void No_name_and_one_too_long_are_recorded_as_other(string? name)
    {
        _redis.Record(new RedisOperationMetric(name!, TimeSpan.FromMilliseconds(1)));

        _redis.GetSummary().OperationsByType.Keys.Should().Equal("OTHER");
    }

    [Fact]
    public void Long_errors_are_cut()
    {
        Record("GET", 1, RedisFailureKind.Server, new string('E', 10_000));

        _redis.GetSummary().OperationsByType["GET"].Errors.Keys.Single().Should().HaveLength(64);
    }

    [Fact]
    public void Beyond_16_errors_the_others_are_counted_together()
    {
        for (var i = 0; i < 100; i++)
        {
            Record("EVAL", 1, RedisFailureKind.Server, $"ERR{i}");
        }

        var errors = _redis.GetSummary().OperationsByType["EVAL"].Errors;

        errors.Should().HaveCount(17);
        errors["OTHER"].Should().Be(84);
        errors.Values.Sum().Should().Be(100);
    }

    [Fact]
    public void An_undefined_kind_of_failure_does_no_harm()
    {
        Record("GET", 1, (RedisFailureKind)99, "odd");
        Record("GET", 1, (RedisFailureKind)(-1), "odd");

        _redis.GetSummary().TotalOperations.Should().Be(2);
    }

    [Fact]
    public void Keeps_every_failure_and_every_slow_operation_newest_first()
    {
        Record("GET", 100);
        Advance(1);
        Record("SET", 1, RedisFailureKind.Server, "OOM");

        var recent = _redis.GetSummary().Recent;

        recent.Select(o => o.Operation).Should().Equal("SET", "GET");
        recent[0].Should().Be(new RecentRedisOperation(_clock.GetUtcNow(), "SET", TimeSpan.FromMilliseconds(1), RedisFailureKind.Server, "OOM"));
        recent[1].Error.Should().BeNull();
    }

    [Fact]
    public void Neither_ordinary_traffic_nor_rejections_push_out_the_failures_that_came_before()
    {
        Record("GET", 5000, RedisFailureKind.Timeout, "RedisTimeoutException");
        for (var i = 0; i < 100_000; i++)
        {
            Record("GET", 1);
            Record("GET", 0, RedisFailureKind.Rejected, "RedisCircuitOpenException");
        }

        var recent = _redis.GetSummary().Recent;

        recent.Should().Contain(o => o.Failure == RedisFailureKind.Timeout);
        recent.Should().Contain(o => o.Failure == RedisFailureKind.None, "a sample is kept");
        recent.Should().Contain(o => o.Failure == RedisFailureKind.Rejected, "a sample is kept");
        recent.Count.Should().BeLessThanOrEqualTo(200);
    }

    [Fact]
    public void Keeps_nothing_recent_when_told_so()
    {
        var redis = NewMonitor(new RedisMonitoringOptions { RecentCapacity = 0 });

        redis.Record(new RedisOperationMetric("GET", Minute, RedisFailureKind.Timeout));

        redis.GetSummary().Recent.Should().BeEmpty();
    }

    [Fact]
    public void Shows_a_connection_until_its_registration_is_disposed()
    {
        var registration = _redis.AddConnection(() => new RedisConnectionStatus { Name = "cache", IsConnected = true });
        _redis.GetSummary().Connections.Single().Name.Should().Be("cache");

        registration.Dispose();
        registration.Dispose();

        _redis.GetSummary().Connections.Should().BeEmpty();
    }

    [Fact]
    public void A_connection_that_cannot_say_its_state_is_left_out_and_counted()
    {
        using var broken = _redis.AddConnection(() => throw new InvalidOperationException());
        using var good = _redis.AddConnection(() => new RedisConnectionStatus { Name = "good" });

        _redis.GetSummary().Connections.Select(c => c.Name).Should().Equal("good");
        _errors.Count.Should().Be(1);
    }

    [Fact]
    public void Beyond_256_connections_the_others_are_counted()
    {
        for (var i = 0; i < 300; i++)
        {
            _redis.AddConnection(() => new RedisConnectionStatus { Name = "c" });
        }

        var summary = _redis.GetSummary();
        summary.Connections.Should().HaveCount(256);
        summary.OverflowedConnections.Should().Be(44);
    }

    [Fact]
    public void Shows_the_circuits()
    {
        _circuits.GetOrAdd("cache", _ => true);

        _redis.GetSummary().CircuitBreakers.Single().Name.Should().Be("cache");
    }

    [Fact]
    public void Publishes_latency_by_command_and_the_failure_rate_over_all()
    {
        for (var i = 0; i < 18; i++)
        {
            Record("GET", 10);
        }

        Record("SET", 600, RedisFailureKind.Timeout, "RedisTimeoutException");
        Record("DEL", 0, RedisFailureKind.Rejected, "RedisCircuitOpenException");
        var readings = Collect(Minute);

        var latencies = readings.Where(r => r.Metric == MetricNames.RedisOperationLatency).ToDictionary(r => r.Instance!);
        latencies.Keys.Should().BeEquivalentTo(["GET", "SET"], "a rejected call has no latency");
        latencies["GET"].Value.Should().BeApproximately(10, 0.4);
        latencies["GET"].Count.Should().Be(18);
        latencies["SET"].Context!()["failures"].Should().Be("1");
        var rate = readings.Single(r => r.Metric == MetricNames.RedisFailureRate);
        (rate.Value, rate.Count).Should().Be((10, 20));
        rate.Context!().Should().Contain("timeout", "1").And.Contain("rejected", "1")
            .And.Contain("topErrors", "RedisTimeoutException 1, RedisCircuitOpenException 1");
    }

    [Fact]
    public void Publishes_a_failure_rate_of_zero_when_nothing_happened()
    {
        Collect(Minute).Should().ContainSingle().Which.Should().Match<MetricReading>(r => r.Value == 0 && r.Count == 0);
    }

    [Fact]
    public async Task Loses_no_operation_when_many_threads_record_and_others_read()
    {
        const int Threads = 4;
        const int Each = 20_000;
        using var done = new CancellationTokenSource();
        var reader = Task.Factory.StartNew(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    _redis.GetSummary(Minute);
                    _slices.Tick();
                }
            },
            TaskCreationOptions.LongRunning);
        var writers = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var operation = _redis.GetOperation($"CMD{i % 7}");
                    operation.Succeeded(Stopwatch.GetTimestamp());
                    operation.Failed(Stopwatch.GetTimestamp(), (RedisFailureKind)(1 + (i % 5)), $"E{i % 3}");
                    operation.Sent();
                    operation.AddItems(2);
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();

        await Task.WhenAll(writers);
        await done.CancelAsync();
        await reader;

        const int Total = Threads * Each;
        var summary = _redis.GetSummary();
        summary.TotalOperations.Should().Be(2 * Total);
        summary.Failures.Should().Be(new RedisFailureCounts { Timeout = Total / 5, Connection = Total / 5, Server = Total / 5, Rejected = Total / 5, Canceled = Total / 5 });
        summary.Sent.Should().Be(Total);
        summary.OperationsByType.Values.Sum(o => o.Items).Should().Be(2 * Total);
        summary.OperationsByType.Values.Sum(o => o.Errors.Values.Sum()).Should().Be(Total);
    }

    [Fact]
    public async Task The_cap_on_commands_holds_when_threads_add_them_together()
    {
        var adders = Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 1500; i++)
                {
                    _redis.GetOperation($"T{thread}C{i}").Sent();
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();

        await Task.WhenAll(adders);

        var summary = _redis.GetSummary();
        summary.OperationsByType.Count.Should().Be(1024);
        summary.Sent.Should().Be(6000);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var get = _redis.GetOperation("GET");
        void RecordMany()
        {
            for (var i = 0; i < 10_000; i++)
            {
                get.Succeeded(Stopwatch.GetTimestamp());
                get.Failed(Stopwatch.GetTimestamp(), RedisFailureKind.Timeout, "RedisTimeoutException");
                get.Sent();
                get.AddItems(3);
                _redis.Record(new RedisOperationMetric("GET", TimeSpan.FromSeconds(1)));
            }
        }

        RecordMany();
        Allocations.Least(() => RecordMany()).Should().Be(0);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var errors = new OptionsErrors("Monitoring:Redis");

        new RedisMonitoringOptions { SlowThreshold = TimeSpan.Zero, RecentCapacity = -1 }.Validate(errors);
        new RedisMonitoringOptions().Validate(errors);

        errors.Messages.Should().Equal(
            "Monitoring:Redis:SlowThreshold is 00:00:00; allowed: 00:00:00.0010000 to 00:01:00.",
            "Monitoring:Redis:RecentCapacity is -1; allowed: 0 to 10000.");
    }

    private RedisMonitor NewMonitor(RedisMonitoringOptions options) => new(_slices, options, _circuits, _errors);

    private void Record(string operation, double milliseconds, RedisFailureKind failure = RedisFailureKind.None, string? error = null) =>
        _redis.Record(new RedisOperationMetric(operation, TimeSpan.FromMilliseconds(milliseconds), failure, error));

    private List<MetricReading> Collect(TimeSpan window)
    {
        var readings = new List<MetricReading>();
        _redis.Collect(readings, window);
        return readings;
    }

    private void Advance(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
