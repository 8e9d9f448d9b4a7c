using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.History;

public sealed class HistoryMonitorTests
{
    private const string Metric = HistoryMetrics.RedisLatency;

    private readonly FakeClock _clock = new();
    private readonly HistoryMonitor _history;
    private readonly DateTimeOffset _start;

    public HistoryMonitorTests()
    {
        _history = new HistoryMonitor(_clock);
        _start = _clock.GetUtcNow();
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public void Before_the_first_turn_it_holds_nothing()
    {
        var read = _history.Read([], Now - TimeSpan.FromMinutes(5), Now, 300);

        read.OldestAt.Should().BeNull();
        read.Series.Should().BeEmpty();
        _history.GetLatest().Should().BeEmpty();
    }

    [Fact]
    public void The_last_five_minutes_are_kept_by_the_second()
    {
        Record(400, second => second);

        var read = Read(TimeSpan.FromMinutes(5));

        (read.Step, read.Count).Should().Be((TimeSpan.FromSeconds(1), 300));
        var series = read.Series.Should().ContainSingle().Subject;
        (series.Metric, series.Instance, series.Unit).Should().Be((Metric, null, "ms"));
        series.Average.Should().Equal(Enumerable.Range(100, 300).Select(static second => (double)second));
        series.Maximum.Should().Equal(series.Average);
        read.StartAt.Should().Be(_start + TimeSpan.FromSeconds(100));
        read.OldestAt.Should().Be(_start);
    }

    [Theory]
    [InlineData(1, 10, 360)]
    [InlineData(24, 60, 1440)]
    public void What_is_older_is_kept_by_coarser_steps(int hours, int step, int count)
    {
        Record(hours * 3600 + 120, static second => second % 60);

        var read = Read(TimeSpan.FromHours(hours), points: 2000);

        (read.Step, read.Count).Should().Be((TimeSpan.FromSeconds(step), count));
        read.Series.Single().Average.Should().NotContain(double.NaN);
        read.Series.Single().Maximum.Should().AllSatisfy(maximum => maximum.Should().BeGreaterThanOrEqualTo(step - 1));
    }

    [Fact]
    public void The_history_reaches_back_for_a_day()
    {
        Record(25 * 3600, static _ => 1);

        Read(TimeSpan.FromHours(1)).OldestAt.Should().Be(Now - TimeSpan.FromDays(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Coarser_steps_have_the_average_and_the_maximum_of_the_values(int seed)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, 4000).Select(_ => random.Next(5) == 0 ? double.NaN : Math.Exp(random.NextDouble() * 14)).ToArray();
        Record(values.Length, second => values[second]);

        foreach (var points in new[] { 10, 37, 60, 150, 300, 2000 })
        {
            foreach (var minutes in new[] { 4, 5, 12, 30, 60 })
            {
                var read = Read(TimeSpan.FromMinutes(minutes), points);
                var step = (int)read.Step.TotalSeconds;
                var first = (int)(read.StartAt - _start).TotalSeconds;
                read.Count.Should().BeInRange(1, points);
                for (var i = 0; i < read.Count; i++)
                {
                    var raw = values.Skip(first + (i * step)).Take(step).Where(static value => !double.IsNaN(value)).ToArray();
                    ShouldBeNear(read.Series[0].Average[i], raw.Length == 0 ? double.NaN : raw.Average());
                    ShouldBeNear(read.Series[0].Maximum[i], raw.Length == 0 ? double.NaN : raw.Max());
                }
            }
        }
    }

    [Fact]
    public void A_turn_that_was_missed_is_a_gap()
    {
        Record(10, static _ => 5);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Record(10, static _ => 7);

        var values = Read(TimeSpan.FromSeconds(23)).Series.Single().Average;

        values.Should().Equal([.. Repeat(5, 10), .. Repeat(double.NaN, 3), .. Repeat(7, 10)]);
    }

    [Fact]
    public void A_turn_that_is_a_little_late_leaves_no_gap_and_a_second_one_in_a_second_counts_once()
    {
        // A timer of one second from 950 ms on, one turn of which comes 300 ms late: into the second after, which it shares with the next one.
        _clock.Advance(TimeSpan.FromMilliseconds(950));
        Turn(5, wait: 1000);
        Turn(5, wait: 1300);
        Turn(6, wait: 700);
        Turn(100, wait: 1000);
        Turn(7, wait: 1000);
        Turn(7, wait: 100);

        Read(TimeSpan.FromSeconds(6.05)).Series.Single().Average.Should().Equal(5, 5, 6, 6, 7, 7);

        void Turn(double value, int wait)
        {
            _history.Record([new MetricReading(Metric, value)]);
            _clock.Advance(TimeSpan.FromMilliseconds(wait));
        }
    }

    [Fact]
    public void Without_a_turn_for_long_what_the_ring_had_does_not_come_back()
    {
        Record(300, static _ => 5);
        _clock.Advance(TimeSpan.FromSeconds(250));
        Record(5, static _ => 7);

        var values = Read(TimeSpan.FromMinutes(5)).Series.Single().Average;

        values.Should().Equal([.. Repeat(5, 45), .. Repeat(double.NaN, 250), .. Repeat(7, 5)]);
    }

    [Fact]
    public void A_series_that_goes_and_comes_back_has_a_gap_between()
    {
        for (var second = 0; second < 30; second++)
        {
            _history.Record(second is >= 10 and < 20 ? [new(HistoryMetrics.RedisRate, 1)] : [new(HistoryMetrics.RedisRate, 1), new(Metric, 3, "GET")]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _history.Read([Metric], Now - TimeSpan.FromSeconds(30), Now, 300).Series.Single().Average
            .Should().Equal([.. Repeat(3, 10), .. Repeat(double.NaN, 10), .. Repeat(3, 10)]);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(5000)]
    public void When_the_wall_clock_is_set_points_are_as_old_as_before(int seconds)
    {
        Record(100, static second => second);

        _clock.JumpWallClock(TimeSpan.FromSeconds(seconds));

        Read(TimeSpan.FromSeconds(50)).Series.Single().Average.Should().Equal(Enumerable.Range(50, 50).Select(static second => (double)second));
        Read(TimeSpan.FromSeconds(50)).StartAt.Should().Be(Now - TimeSpan.FromSeconds(50));
        Record(10, static _ => 500);
        Read(TimeSpan.FromSeconds(20)).Series.Single().Average.Should().Equal([.. Enumerable.Range(90, 10).Select(static second => (double)second), .. Repeat(500, 10)]);
    }

    [Fact]
    public void Only_metrics_that_are_kept_and_numbers_are_recorded()
    {
        _history.Record([new("made-up", 1), new(Metric, double.NaN), new(Metric, double.PositiveInfinity, "GET"), new(HistoryMetrics.RedisRate, -4)]);

        _history.GetLatest().Should().ContainSingle().Which.Metric.Should().Be(HistoryMetrics.RedisRate);
        _history.Overflowed.Should().Be(0);
    }

    [Fact]
    public void Instances_are_limited_and_what_stands_for_all_always_has_room()
    {
        string[] many = [MetricNames.RedisOperationLatency, HistoryMetrics.RedisOperationRate, MetricNames.WebhookResponseTime, MetricNames.RequestLatency, MetricNames.TaskQueueDepth, MetricNames.CircuitState];
        List<MetricReading> readings = [.. many.SelectMany(static metric => Enumerable.Range(0, 150).Select(i => new MetricReading(metric, i, $"instance-{i}")))];
        readings.AddRange(HistoryMetrics.Names.Select(static metric => new MetricReading(metric, 1)));
        for (var turn = 0; turn < 2; turn++)
        {
            _history.Record(readings);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var latest = _history.GetLatest();

        latest.Should().HaveCountLessThanOrEqualTo(500);
        latest.GroupBy(static value => value.Metric).Should().AllSatisfy(metric => metric.Count(static value => value.Instance is not null).Should().BeLessThanOrEqualTo(100));
        latest.Where(static value => value.Instance is null).Select(static value => value.Metric).Should().BeEquivalentTo(HistoryMetrics.Names);
        _history.Overflowed.Should().Be(2 * (readings.Count - latest.Count));
    }

    [Fact]
    public void A_series_without_a_value_for_a_day_gives_its_place_to_another()
    {
        var readings = Enumerable.Range(0, 100).Select(static i => new MetricReading(MetricNames.RedisOperationLatency, 1, $"old-{i}")).ToList();
        _history.Record(readings);
        for (var minute = 0; minute < 24 * 60 + 2; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            _history.Record([new(HistoryMetrics.RedisRate, 1)]);
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        _history.Record([new(MetricNames.RedisOperationLatency, 1, "new")]);

        _history.GetLatest().Should().ContainSingle().Which.Instance.Should().Be("new");
        _history.Overflowed.Should().Be(0);
    }

    [Fact]
    public void One_can_ask_for_one_instance_or_for_all_together()
    {
        _history.Record([new(MetricNames.RequestLatency, 1), new(MetricNames.RequestLatency, 2, "GET /a"), new(MetricNames.RequestLatency, 3, "GET /b"), new(Metric, 4)]);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Instances(null).Should().Equal([null, "GET /a", "GET /b"]);
        Instances("GET /b").Should().Equal(["GET /b"]);
        Instances("").Should().Equal([null]);
        _history.Read([], Now - TimeSpan.FromSeconds(10), Now, 300).Series.Should().HaveCount(4);

        IEnumerable<string?> Instances(string? instance) =>
            _history.Read([MetricNames.RequestLatency], Now - TimeSpan.FromSeconds(10), Now, 300, instance).Series.Select(static series => series.Instance);
    }

    [Fact]
    public void An_answer_is_bounded_however_many_points_are_asked_for()
    {
        var readings = Enumerable.Range(0, 400).Select(static i => new MetricReading(HistoryMetrics.Names[i % 8], 1, $"{i}")).ToList();
        for (var minute = 0; minute < 1500; minute++)
        {
            _history.Record(readings);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        var read = _history.Read([], Now - TimeSpan.FromDays(1), Now, 2000);

        read.Series.Should().HaveCount(400);
        (read.Count * read.Series.Count).Should().BeLessThanOrEqualTo(100_000);
    }

    [Fact]
    public void Any_range_has_an_answer()
    {
        Record(100, static _ => 1);
        var moments = new[] { DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, Now - TimeSpan.FromDays(2), Now - TimeSpan.FromSeconds(30), Now, Now + TimeSpan.FromDays(900), DateTimeOffset.MaxValue };

        foreach (var from in moments)
        {
            foreach (var to in moments)
            {
                foreach (var points in new[] { int.MinValue, 0, 10, int.MaxValue })
                {
                    var read = _history.Read([], from, to, points);

                    read.Count.Should().BeInRange(0, 2000);
                    read.Series.Select(static series => series.Average.Count).Should().AllBeEquivalentTo(read.Count);
                }
            }
        }
    }

    [Fact]
    public async Task Readers_and_the_loop_do_not_disturb_each_other()
    {
        using var stop = new CancellationTokenSource();
        _history.Record([new(HistoryMetrics.RedisRate, 42)]);
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var reads = 0;
            while (!stop.IsCancellationRequested || reads == 0)
            {
                // Both values of a turn are the same: none may show a value of another.
                var read = _history.Read([HistoryMetrics.RedisRate], _start, _start + TimeSpan.FromMinutes(5), 300);
                read.Series.Should().AllSatisfy(series => series.Average.Where(static value => !double.IsNaN(value)).Should().OnlyContain(static value => value == 42));
                _history.GetLatest().Should().OnlyContain(static value => value.Value == 42);
                reads++;
            }
        })).ToArray();

        for (var second = 0; second < 3000; second++)
        {
            _history.Record([new(HistoryMetrics.RedisRate, 42), new(MetricNames.RedisOperationLatency, 42, $"C{second % 50}")]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public void A_turn_allocates_nothing_once_its_series_are_known()
    {
        var readings = Enumerable.Range(0, 400).Select(static i => new MetricReading(HistoryMetrics.Names[i % 8], 1, $"{i}")).ToList();
        for (var second = 0; second < 200; second++)
        {
            _history.Record(readings);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // The clock itself allocates when it moves on.
        var clock = Allocations.Least(() => _clock.Advance(TimeSpan.FromSeconds(1)));
        Allocations.Least(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _history.Record(readings);
        }).Should().BeLessThanOrEqualTo(clock);
    }

    private static IEnumerable<double> Repeat(double value, int count) => Enumerable.Repeat(value, count);

    // Two bytes a value, and five digits.
    private static void ShouldBeNear(double value, double expected)
    {
        if (double.IsNaN(expected))
        {
            value.Should().Be(double.NaN);
        }
        else
        {
            value.Should().BeApproximately(expected, expected * 0.001);
        }
    }

    private HistorySummary Read(TimeSpan window, int points = 300) => _history.Read([Metric], Now - window, Now, points);

    private void Record(int seconds, Func<int, double> value)
    {
        for (var second = 0; second < seconds; second++)
        {
            _history.Record([new MetricReading(Metric, value(second))]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
