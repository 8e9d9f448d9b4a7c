using System.Diagnostics;
using Monitoring.Redis;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisSamplingTests
{
    private const int Budget = 1_000;

    private readonly Random _random = new(20);
    private readonly RedisSampling _sampling = Sampling(Budget);
    private long _timestamp = 1_000_000_007;

    [Fact]
    public void Takes_every_operation_up_to_the_budget_of_a_second()
    {
        for (var second = 0; second < 5; second++)
        {
            Run(Budget).Weights.Should().Be(Budget);
            _sampling.Tick();
        }

        _sampling.Weight.Should().Be(1);
    }

    [Fact]
    public void Thins_out_at_once_when_the_budget_is_used_up()
    {
        var (taken, _) = Run(1_000_000);

        taken.Should().BeInRange(Budget, 4 * Budget, "each doubling overdraws the budget by a quarter");
        _sampling.Weight.Should().BeGreaterThan(100);
    }

    [Theory]
    [InlineData(1_500)]
    [InlineData(20_000)]
    [InlineData(700_000)]
    public void Settles_near_the_budget_while_the_traffic_is_steady(int perSecond)
    {
        for (var second = 0; second < 3; second++)
        {
            Run(perSecond);
            _sampling.Tick();
        }

        Run(perSecond).Taken.Should().BeInRange(Budget / 5, Budget * 5 / 4);
    }

    [Fact]
    public void Takes_every_operation_again_when_the_rush_is_over()
    {
        Run(1_000_000);
        _sampling.Tick();
        _sampling.Tick();

        Run(Budget).Weights.Should().Be(Budget);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1_024)]
    public void Weighted_sums_are_unbiased_however_the_traffic_changes(int clockStep)
    {
        var (bytes, estimate, count, weights) = (0.0, 0.0, 0L, 0L);
        for (var second = 0; second < 200; second++)
        {
            var perSecond = _random.Next(100, 60_000);
            for (var i = 0; i < perSecond; i++)
            {
                var size = _random.Next(1, 1_000);
                var weight = _sampling.Choose(Next(clockStep));
                (bytes, estimate, count, weights) = (bytes + size, estimate + ((double)weight * size), count + 1, weights + weight);
            }

            _sampling.Tick();
        }

        // Some 100,000 were taken of 6,000,000; three standard errors are about 3 %.
        (estimate / bytes).Should().BeApproximately(1, 0.03);
        (weights / (double)count).Should().BeApproximately(1, 0.03);
    }

    [Fact]
    public void Takes_none_when_told_so_and_starts_again_when_told_otherwise()
    {
        _sampling.Apply(new RedisMonitoringOptions { SamplesPerSecond = 0 });
        Run(10_000).Taken.Should().Be(0);
        _sampling.Choose(0).Should().Be(0);
        _sampling.Tick();
        _sampling.Weight.Should().Be(0);

        _sampling.Apply(new RedisMonitoringOptions { SamplesPerSecond = 10 });
        Run(10).Taken.Should().Be(10);
    }

    [Fact]
    public void Knows_what_is_slow()
    {
        var slow = (long)(0.1 * Stopwatch.Frequency);
        _sampling.IsSlow(slow).Should().BeTrue();
        _sampling.IsSlow(slow - 1).Should().BeFalse();

        _sampling.Apply(new RedisMonitoringOptions { SlowThreshold = TimeSpan.FromSeconds(1) });

        _sampling.IsSlow(slow).Should().BeFalse();
    }

    [Fact]
    public void Loses_no_weight_when_many_threads_choose_together()
    {
        const int Each = 2_000_000;
        var weights = new long[4];
        var threads = Enumerable.Range(0, weights.Length).Select(thread => new Thread(() =>
        {
            var random = new Random(thread);
            for (var i = 0; i < Each; i++)
            {
                weights[thread] += _sampling.Choose(random.NextInt64());
            }
        })).ToList();
        threads.ForEach(static t => t.Start());
        for (var i = 0; i < 50; i++)
        {
            _sampling.Tick();
            Thread.Yield();
        }

        threads.ForEach(static t => t.Join());

        // A sum of that few samples of that weight is only roughly right; a lost or doubled weight would be far off.
        (weights.Sum() / (double)(weights.Length * Each)).Should().BeInRange(0.5, 2);
    }

    private static RedisSampling Sampling(int samplesPerSecond) => new(new RedisMonitoringOptions { SamplesPerSecond = samplesPerSecond });

    private (long Taken, long Weights) Run(int operations)
    {
        var (taken, weights) = (0L, 0L);
        for (var i = 0; i < operations; i++)
        {
            var weight = _sampling.Choose(Next(1));
            (taken, weights) = (taken + (weight > 0 ? 1 : 0), weights + weight);
        }

        return (taken, weights);
    }

    // As a clock tells them: calls come at any distance, the clock in steps.
    private long Next(int clockStep)
    {
        _timestamp += _random.Next(1, 2_000);
        return _timestamp / clockStep * clockStep;
    }
}
