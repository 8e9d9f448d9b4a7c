using Microsoft.Extensions.Options;
using Monitoring.Redis.Probes;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Probes;

/// <summary>What holds for every system.</summary>
public sealed class ProbeRulesTests
{
    private readonly QueueMeasurements _measurements = new("sidekiq", "jobs");

    [Fact]
    public void Counters_become_what_happened_between_two_polls()
    {
        Measure(new QueueFigures(null) { CompletedTotal = 100, FailedTotal = 5 }).Should().Match<TaskQueues.TaskQueueMetrics>(
            static first => first.Completed == null && first.Failed == null && first.Enqueued == null);
        Measure(new QueueFigures(null) { CompletedTotal = 108, FailedTotal = 5 }).Should().Match<TaskQueues.TaskQueueMetrics>(
            static second => second.Completed == 8 && second.Failed == 0 && second.Enqueued == null);
    }

    [Fact]
    public void A_counter_that_began_anew_says_nothing_once()
    {
        Measure(new QueueFigures("mail") { Waiting = 1, CompletedTotal = 100 });
        Measure(new QueueFigures("mail") { Waiting = 1, CompletedTotal = 3 }).Completed.Should().BeNull();
        Measure(new QueueFigures("mail") { Waiting = 1, CompletedTotal = 4 }).Completed.Should().Be(1);
    }

    [Fact]
    public void Unknown_is_not_none()
    {
        var metrics = Measure(new QueueFigures("mail") { Waiting = 3 });

        metrics.Should().BeEquivalentTo(new
        {
            Queue = "jobs:mail",
            System = "sidekiq",
            Depth = 3,
            TotalWorkers = (int?)null,
            ActiveWorkers = (int?)null,
            Completed = (long?)null,
            OldestTaskAge = (TimeSpan?)null,
        });
        _measurements.Of([new QueueFigures("low")], CannedRedis.Now).Should().BeEmpty("a queue whose depth is not told is no empty queue");
    }

    [Fact]
    public void An_empty_queue_has_no_oldest_task_and_a_clock_that_is_ahead_makes_none_younger_than_now()
    {
        Measure(new QueueFigures("mail") { Waiting = 0, OldestSince = CannedRedis.Now.AddHours(-1) }).OldestTaskAge.Should().BeNull();
        Measure(new QueueFigures("mail") { Waiting = 1, OldestSince = CannedRedis.Now.AddSeconds(3) }).OldestTaskAge.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Names_and_numbers_are_bounded()
    {
        var metrics = Measure(new QueueFigures(new string('q', 500)) { Waiting = long.MaxValue, LowPriority = 2 });

        metrics.Queue.Should().HaveLength(128);
        metrics.NormalDepth.Should().Be(int.MaxValue);
        metrics.LowDepth.Should().Be(2);
    }

    [Theory]
    [InlineData("1773489600", true)]
    [InlineData("1773489600.000", true)]
    [InlineData("1773489600000", true)]
    [InlineData("1773489600000000", true)]
    [InlineData("1773489600000000000", true)]
    [InlineData("2026-03-14T12:00:00Z", true)]
    [InlineData("2026-03-14T13:00:00+01:00", true)]
    [InlineData("2026-03-14T12:00:00.000000", true)]
    [InlineData("0", false)]
    [InlineData("-5", false)]
    [InlineData("1e300", false)]
    [InlineData("NaN", false)]
    [InlineData("soon", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Moments_are_read_however_they_are_written(string? text, bool known) =>
        ProbeTime.Parse(text).Should().Be(known ? CannedRedis.Now : null);

    [Fact]
    public async Task What_is_refused_for_good_is_not_asked_again()
    {
        var redis = new CannedRedis().With("LLEN a", new RedisServerException("NOPERM this user has no permissions")).With("LLEN b", new RedisServerException("WRONGTYPE Operation against a key"));

        for (var i = 0; i < 2; i++)
        {
            var ask = redis.Ask();
            (await ask.NumberAsync("depth of a", "LLEN", "a")).Should().BeNull();
            (await ask.NumberAsync("depth of b", "LLEN", "b")).Should().BeNull();
            ask.Failure.Should().BeNull();
        }

        redis.Sent.Should().Equal("LLEN a", "LLEN b");
        redis.Refusals.TakeUnreported().Should().Be("depth of a (NOPERM), depth of b (WRONGTYPE)");
        redis.Refusals.TakeUnreported().Should().BeNull();
    }

    [Fact]
    public async Task After_a_failure_the_poll_asks_no_more_and_the_next_one_asks_again()
    {
        var redis = new CannedRedis().With("LLEN a", new RedisServerException("LOADING Redis is loading the dataset in memory"));
        var ask = redis.Ask();
        (await ask.NumberAsync("depth of a", "LLEN", "a")).Should().BeNull();
        (await ask.NumberAsync("depth of b", "LLEN", "b")).Should().BeNull();
        ask.Failure.Should().BeOfType<RedisServerException>();
        redis.Sent.Should().Equal("LLEN a");

        redis.With("LLEN a", 3);
        (await redis.Ask().NumberAsync("depth of a", "LLEN", "a")).Should().Be(3);
    }

    [Fact]
    public async Task A_scan_of_many_keys_takes_several_polls_and_forgets_what_is_gone()
    {
        var scan = new KeyScan("bull:*:meta");
        var redis = new CannedRedis();
        for (var step = 0; step < 12; step++)
        {
            redis.With($"SCAN {step} MATCH bull:*:meta COUNT 1000", new object[] { $"{(step + 1) % 12}", new object[] { $"bull:{step}:meta" } });
        }

        (await scan.ContinueAsync(redis.Ask())).Should().HaveCount(10);
        redis.Sent.Should().HaveCount(10, "a poll takes ten steps at most");
        (await scan.ContinueAsync(redis.Ask())).Should().HaveCount(12);
        redis.Sent.Should().HaveCount(12);

        redis.With("SCAN 3 MATCH bull:*:meta COUNT 1000", new object[] { "0", Array.Empty<object>() });
        (await scan.ContinueAsync(redis.Ask())).Should().Equal("bull:0:meta", "bull:1:meta", "bull:2:meta");
    }

    [Fact]
    public async Task A_scan_goes_through_every_server_that_owns_keys()
    {
        var scan = new KeyScan("a*");
        var redis = new CannedRedis { Primaries = 3 };

        (await scan.ContinueAsync(redis.Ask())).Should().BeEmpty();
        redis.Sent.Should().HaveCount(3);
    }

    [Fact]
    public void Options_that_cannot_be_are_named()
    {
        var options = new RedisQueueProbeOptions { PollInterval = TimeSpan.FromMinutes(3), MaxQueues = 0, Prefix = "x", Name = "" };
        options.Queues.Add("");

        var validate = () => QueueProbe.Validate(QueueSystem.Rq, options);

        validate.Should().Throw<OptionsValidationException>().Which.Failures.Should().Equal(
            "RedisQueueProbeOptions:Queues is 'a queue without a name'; allowed: names.",
            "RedisQueueProbeOptions:PollInterval is 00:03:00; allowed: 00:00:01 to 00:01:00.",
            "RedisQueueProbeOptions:MaxQueues is 0; allowed: 1 to 50.",
            "RedisQueueProbeOptions:Name is ''; allowed: 1 to 40 characters.",
            "RedisQueueProbeOptions:Prefix is 'x'; allowed: none, for the keys of Rq are fixed.");
    }

    [Theory]
    [InlineData(QueueSystem.Celery, "celery")]
    [InlineData(QueueSystem.HangfireRedis, "hangfire")]
    public void Every_system_has_a_name_and_a_reader(QueueSystem system, string name)
    {
        QueueSystems.NameOf(system).Should().Be(name);
        Enum.GetValues<QueueSystem>().Select(static each => (QueueSystems.NameOf(each), QueueSystems.CreateReader(each, null).GetType())).Should().OnlyHaveUniqueItems();
    }

    private TaskQueues.TaskQueueMetrics Measure(QueueFigures figures) => _measurements.Of([figures], CannedRedis.Now).Single();
}
