using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisObservationsTests : IDisposable
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly FakeClock _clock = new();
    private readonly SliceClock _slices;
    private readonly InternalErrors _errors;
    private readonly RedisMonitor _redis;

    public RedisObservationsTests()
    {
        _slices = new SliceClock(_clock);
        _errors = new InternalErrors(NullLogger.Instance, _clock);
        _redis = NewMonitor(new RedisMonitoringOptions());
    }

    public void Dispose() => _slices.Dispose();

    [Fact]
    public void Hot_keys_are_listed_by_calls_time_and_bytes()
    {
        Observe(Sampled("user:1:cart", Millisecond));
        Observe(Sampled("user:2:cart", Millisecond));
        Observe(Sampled("report:7", 10 * Millisecond));
        Observe(Sampled("blob:9", Millisecond) with { ArgumentBytes = 1_000, ReplyBytes = 5_000 });

        var keys = _redis.GetSummary().HotKeys;

        keys.ByCalls[0].Should().Be(new RedisKeyPattern { Pattern = "user:{id}:cart", Calls = 2, Time = 2 * Millisecond });
        keys.ByTime[0].Should().Be(new RedisKeyPattern { Pattern = "report:{id}", Calls = 1, Time = 10 * Millisecond });
        keys.ByBytes.Should().Equal(new RedisKeyPattern { Pattern = "blob:{id}", Calls = 1, Time = Millisecond, Bytes = 6_000 });
        keys.ByCalls.Should().HaveCount(3);
    }

    [Fact]
    public void One_of_the_sample_stands_for_as_many_as_its_weight_says()
    {
        Observe(Sampled("user:1", Millisecond) with { Weight = 50, ReplyBytes = 200 });

        var summary = _redis.GetSummary();

        summary.HotKeys.ByCalls.Should().Equal(new RedisKeyPattern { Pattern = "user:{id}", Calls = 50, Time = 50 * Millisecond, Bytes = 10_000 });
        summary.ReplySizes.Count.Should().Be(50);
    }

    [Fact]
    public void What_is_not_of_the_sample_is_not_counted_twice()
    {
        Observe(Sampled("user:1", Millisecond) with { Weight = 0, IsSlow = true, ArgumentBytes = 5, ReplyBytes = 5 });

        var summary = _redis.GetSummary();

        summary.HotKeys.ByCalls.Should().BeEmpty();
        (summary.ArgumentSizes.Count, summary.ReplySizes.Count).Should().Be((0, 0));
        summary.SlowOperations.Should().ContainSingle();
    }

    [Fact]
    public void What_an_open_circuit_refused_is_in_no_figure()
    {
        Observe(Sampled("user:1", Millisecond) with { Failure = RedisFailureKind.Rejected, ArgumentBytes = 5, IsSlow = true });

        var summary = _redis.GetSummary();

        summary.HotKeys.ByCalls.Should().BeEmpty();
        summary.ArgumentSizes.Count.Should().Be(0);
        summary.SlowOperations.Should().BeEmpty();
    }

    [Fact]
    public void Hot_keys_answer_for_the_window_to_five_minutes()
    {
        Observe(Sampled("early:1", Millisecond));
        _clock.Advance(TimeSpan.FromMinutes(20));
        Observe(Sampled("late:1", Millisecond));

        Patterns(TimeSpan.FromMinutes(10)).Should().Equal("late:{id}");
        Patterns(TimeSpan.FromHours(1)).Should().BeEquivalentTo("early:{id}", "late:{id}");
        _clock.Advance(TimeSpan.FromMinutes(50));
        Patterns(TimeSpan.FromHours(1)).Should().Equal("late:{id}");
        _clock.Advance(TimeSpan.FromMinutes(20));
        Patterns(TimeSpan.FromHours(1)).Should().BeEmpty();
    }

    [Fact]
    public void Sizes_are_told_apart_from_the_byte_to_the_gigabyte()
    {
        long[] sizes = [0, 1, 2, 3, 10, 31, 500, 900, 1_000_000, 512L * 1024 * 1024];
        foreach (var size in sizes)
        {
            var redis = NewMonitor(new RedisMonitoringOptions());
            redis.Observe(Sampled("a", Millisecond) with { ArgumentBytes = size });
            redis.Observe(Sampled("a", Millisecond) with { ArgumentBytes = size });
            redis.Observe(Sampled("a", Millisecond) with { ArgumentBytes = size * 1_000 });

            var arguments = redis.GetSummary().ArgumentSizes;

            ((double)arguments.P50Bytes).Should().BeApproximately(size, size * 0.032);
        }
    }

    [Fact]
    public void Sizes_tell_mean_percentiles_and_the_largest()
    {
        for (var size = 1; size <= 100; size++)
        {
            Observe(Sampled("a", Millisecond) with { ReplyBytes = size });
        }

        var sizes = _redis.GetSummary().ReplySizes;

        (sizes.Count, sizes.MaximumBytes).Should().Be((100, 100));
        sizes.AverageBytes.Should().BeApproximately(50.5, 0.1);
        sizes.P50Bytes.Should().BeCloseTo(50, 2);
        sizes.P99Bytes.Should().BeCloseTo(99, 3);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _redis.GetSummary(TimeSpan.FromMinutes(1)).ReplySizes.Should().Be(new RedisPayloadSizes());
    }

    [Fact]
    public void Slow_operations_are_told_apart_by_command_and_pattern()
    {
        Observe(Slow("HGETALL", "user:42:cart", 300));
        Observe(Slow("HGETALL", "user:43:cart", 500) with { Failure = RedisFailureKind.Timeout });
        Observe(Slow("PING", null, 200));

        var slow = _redis.GetSummary().SlowOperations;

        slow.Select(operation => operation.Text).Should().Equal("HGETALL user:{id}:cart", "PING");
        (slow[0].Count, slow[0].Failures, slow[0].Worst).Should().Be((2, 1, 500 * Millisecond));
    }

    [Fact]
    public void What_was_slow_and_measured_elsewhere_is_among_the_slow_ones_without_a_key()
    {
        _redis.Record(new RedisOperationMetric("get", 200 * Millisecond));
        _redis.Record(new RedisOperationMetric("GET", 99 * Millisecond));

        _redis.GetSummary().SlowOperations.Should().ContainSingle().Which.Text.Should().Be("GET");
    }

    [Fact]
    public void The_recent_list_shows_the_pattern_of_the_key()
    {
        Observe(Slow("GET", "user:42", 200));
        Observe(Slow("PING", null, 300));
        Observe(Sampled("user:43", Millisecond));

        _redis.GetSummary().Recent.Select(operation => (operation.Operation, operation.KeyPattern))
            .Should().BeEquivalentTo([("GET", "user:{id}"), ("PING", null), ("GET", "user:{id}")]);
    }

    [Fact]
    public void The_summary_says_how_many_kinds_of_slow_operations_made_room()
    {
        var redis = NewMonitor(new RedisMonitoringOptions { SlowOperationCapacity = 2 });
        foreach (var command in new[] { "A", "B", "C", "D" })
        {
            redis.Observe(Slow(command, null, 200));
        }

        var summary = redis.GetSummary();

        summary.OverflowedSlowOperations.Should().Be(2);
        summary.SlowOperations.Should().HaveCount(2);
    }

    [Fact]
    public void No_key_can_be_found_in_the_monitor()
    {
        string[] secrets = ["jane.doe@example.com", "4111111111111111", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "Zürich"];
        foreach (var secret in secrets)
        {
            Observe(Sampled($"user:{secret}:cart", Millisecond));
            Observe(Slow("GET", $"user:{secret}:cart", 500));
            Observe(Sampled($"user:{secret}", Millisecond) with { Weight = 0, Failure = RedisFailureKind.Server, Error = "WRONGTYPE" });
        }

        var summary = _redis.GetSummary();

        summary.HotKeys.ByCalls.Should().ContainSingle().Which.Pattern.Should().Be("user:{id}:cart");
        Json(summary).Should().NotContainAny(secrets);
    }

    [Fact]
    public void Whole_keys_are_kept_when_the_options_say_so_and_cut()
    {
        _redis.Reload(new RedisMonitoringOptions { CaptureRawKeys = true });
        Observe(Sampled("user:42:cart", Millisecond));
        Observe(Slow("GET", "user:42:cart", 500));
        Observe(Sampled(new string('k', 1_000), Millisecond));

        var summary = _redis.GetSummary();

        summary.HotKeys.ByCalls.Select(pattern => pattern.Pattern).Should().BeEquivalentTo("user:42:cart", new string('k', 127) + "*");
        summary.SlowOperations.Should().ContainSingle().Which.Text.Should().Be("GET user:42:cart");
    }

    [Fact]
    public void Keys_that_were_kept_are_gone_when_the_options_change()
    {
        _redis.Reload(new RedisMonitoringOptions { CaptureRawKeys = true });
        Observe(Sampled("user:42:cart", Millisecond));
        Observe(Slow("GET", "user:42:cart", 500));
        Json(_redis.GetSummary()).Should().Contain("user:42");
        _redis.Reload(new RedisMonitoringOptions());

        Json(_redis.GetSummary()).Should().NotContain("user:42");
        Observe(Sampled("user:42:cart", Millisecond));
        Patterns(TimeSpan.FromHours(1)).Should().Equal("user:{id}:cart");
    }

    [Fact]
    public void Without_room_nothing_is_kept_and_nothing_fails()
    {
        var redis = NewMonitor(new RedisMonitoringOptions { KeyPatternCapacity = 0, SlowOperationCapacity = 0 });
        redis.Observe(Slow("GET", "user:1", 500) with { Weight = 1, ReplyBytes = 7 });

        var summary = redis.GetSummary();

        (summary.HotKeys.ByCalls.Count, summary.SlowOperations.Count).Should().Be((0, 0));
        summary.ReplySizes.Count.Should().Be(1);
        _errors.Count.Should().Be(0);
    }

    [Fact]
    public void Extreme_figures_fail_nowhere()
    {
        for (var i = 0; i < 3; i++)
        {
            Observe(new RedisObservation("GET", null, "", TimeSpan.MaxValue, RedisFailureKind.None, null, long.MaxValue, long.MaxValue, long.MaxValue, IsSlow: true));
            Observe(new RedisObservation("GET", null, "a", TimeSpan.MinValue, RedisFailureKind.None, null, 1, long.MinValue, -1, IsSlow: true));
        }

        var summary = _redis.GetSummary();

        _errors.Count.Should().Be(0);
        summary.HotKeys.ByTime.Should().ContainSingle().Which.Time.Should().Be(TimeSpan.MaxValue);
        summary.HotKeys.ByCalls.Select(pattern => pattern.Calls).Should().Equal(long.MaxValue, 3);
        summary.ArgumentSizes.MaximumBytes.Should().BePositive();
    }

    [Fact]
    public void Observing_a_known_pattern_allocates_nothing()
    {
        var observation = Sampled("user:42:cart", Millisecond) with { ArgumentBytes = 10, ReplyBytes = 1_000 };
        var slow = Slow("GET", "user:42:cart", 500);
        Observe(observation);
        Observe(slow);

        Allocations.Least(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Observe(observation);
                Observe(slow);
            }
        }).Should().Be(0);
    }

    [Fact]
    public void Every_operation_of_every_thread_is_counted()
    {
        const int Threads = 4;
        const int Each = 30_000;
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Observe(Sampled($"t{(char)('a' + (i % 20))}:{i}", Millisecond) with { ReplyBytes = 10 });
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        for (var minute = 0; minute < 50; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            _redis.GetSummary();
        }

        threads.ForEach(thread => thread.Join());
        var keys = _redis.GetSummary().HotKeys;
        keys.ByCalls.Sum(pattern => pattern.Calls).Should().Be(Threads * Each);
        keys.ByBytes.Sum(pattern => pattern.Bytes).Should().Be(Threads * Each * 10);
        _errors.Count.Should().Be(0);
    }

    private static RedisObservation Sampled(string key, TimeSpan duration) =>
        new("GET", null, key, duration, RedisFailureKind.None, null, 1, null, null, IsSlow: false);

    private static RedisObservation Slow(string command, string? key, int milliseconds) =>
        new(command, null, key, milliseconds * Millisecond, RedisFailureKind.None, null, 0, null, null, IsSlow: true);

    private static string Json(RedisOperationSummary summary) => JsonSerializer.Serialize(summary, JsonSerializerOptions.Web);

    private void Observe(in RedisObservation observation) => _redis.Observe(in observation);

    private List<string> Patterns(TimeSpan window) => [.. _redis.GetSummary(window).HotKeys.ByCalls.Select(pattern => pattern.Pattern)];

    private RedisMonitor NewMonitor(RedisMonitoringOptions options) =>
        new(_slices, options, new CircuitBreakerRegistry(_clock, new CircuitBreakerOptions(), NullLogger.Instance, _errors), _errors);
}
