using Monitoring.Latency;
using Monitoring.Measurements;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Measurements;

public class MeasurementMonitorTests
{
    private readonly FakeClock _time = new();
    private readonly MeasurementMonitor _monitor;

    public MeasurementMonitorTests() => _monitor = new MeasurementMonitor(new SliceClock(_time), ["cpu-usage"]);

    [Fact]
    public void A_window_has_mean_extremes_and_the_last_value()
    {
        Record(1, 5, 3);

        var metric = _monitor.GetSummary().Should().ContainSingle().Subject;
        (metric.Name, metric.Count, metric.Average, metric.Minimum, metric.Maximum, metric.Last).Should().Be(("orders", 3, 3, 1, 5, 3));
        metric.LastAt.Should().Be(_time.GetUtcNow());
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(60, 60)]
    [InlineData(600, 600)]
    public void A_short_window_is_cut_to_the_second_and_a_longer_one_to_the_minute(int windowSeconds, int atLeast)
    {
        for (var second = 0; second < 4000; second++)
        {
            _monitor.Record("orders", second);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var metric = _monitor.GetSummary(TimeSpan.FromSeconds(windowSeconds))[0];
        metric.Maximum.Should().Be(3999);
        metric.Count.Should().BeInRange(atLeast - 1, windowSeconds <= 60 ? atLeast + 1 : atLeast + 60);
        metric.Minimum.Should().Be(4000 - metric.Count);
    }

    [Fact]
    public void After_an_hour_only_the_last_value_is_left_and_rules_see_nothing()
    {
        Record(7);
        _time.Advance(TimeSpan.FromMinutes(62));

        var metric = _monitor.GetSummary()[0];
        (metric.Count, metric.Average, metric.Minimum, metric.Maximum, metric.Last).Should().Be((0, 0, 0, 0, 7));
        Collect().Should().BeEmpty();
    }

    [Fact]
    public void Rules_read_the_mean_of_the_window_under_the_metrics_own_name()
    {
        Record(10, 20);

        Collect().Should().ContainSingle().Which.Should().Be(new MetricReading("orders", 15, Count: 2));
    }

    [Theory]
    [InlineData("cpu-usage", 1)]
    [InlineData("orders", double.NaN)]
    [InlineData("orders", double.PositiveInfinity)]
    [InlineData("OTHER", 1)]
    [InlineData("", 1)]
    [InlineData(null, 1)]
    public void What_cannot_be_kept_is_counted(string? name, double value)
    {
        _monitor.Record(name!, value);

        _monitor.Dropped.Should().Be(1);
        _monitor.GetSummary().Should().BeEmpty();
    }

    [Fact]
    public void Names_are_bounded_and_those_beyond_are_counted()
    {
        for (var i = 0; i < 250; i++)
        {
            _monitor.Record($"metric-{i}", i);
        }

        _monitor.GetSummary().Should().HaveCount(100);
        _monitor.Dropped.Should().Be(150);
    }

    [Fact]
    public void Nothing_is_lost_between_threads()
    {
        Parallel.For(0, 8, _ =>
        {
            for (var i = 1; i <= 10_000; i++)
            {
                _monitor.Record("orders", i);
            }
        });

        var metric = _monitor.GetSummary()[0];
        (metric.Count, metric.Minimum, metric.Maximum, metric.Average).Should().Be((80_000, 1, 10_000, 5_000.5));
    }

    [Fact]
    public void Recording_under_a_known_name_allocates_nothing()
    {
        _monitor.Record("orders", 1);

        Allocations.Least(() => _monitor.Record("orders", 2)).Should().Be(0);
    }

    private void Record(params double[] values)
    {
        foreach (var value in values)
        {
            _monitor.Record("orders", value);
        }
    }

    private List<MetricReading> Collect()
    {
        var readings = new List<MetricReading>();
        _monitor.Collect(readings, TimeSpan.FromMinutes(1));
        return readings;
    }
}
