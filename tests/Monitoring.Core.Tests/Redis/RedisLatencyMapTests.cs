using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Redis;

public sealed class RedisLatencyMapTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly PerformanceMonitor _monitor;
    private readonly DateTimeOffset _start;

    public RedisLatencyMapTests()
    {
        _monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } }, _clock);
        _start = _clock.GetUtcNow();
    }

    public void Dispose() => _monitor.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(3600)]
    public void Each_column_has_the_operations_of_its_time(int seconds)
    {
        var random = new Random(7);
        var recorded = new List<DateTimeOffset>();
        for (var second = 0; second < 4003; second++)
        {
            for (var i = 0; i < second % 4; i++)
            {
                recorded.Add(_clock.GetUtcNow());
                Record($"COMMAND{random.Next(5)}", Math.Exp((random.NextDouble() * 14) - 5), random.Next(10) == 0 ? RedisFailureKind.Timeout : default);
            }

            Pass(1);
        }

        recorded.Add(_clock.GetUtcNow());
        Record("GET", 1);
        var window = TimeSpan.FromSeconds(seconds);

        var map = _monitor.Redis.GetLatencyMap(window);

        map.Columns.Should().HaveCountLessThanOrEqualTo(122);
        (_clock.GetUtcNow() - map.StartAt).Should().BeGreaterThanOrEqualTo(window).And.BeLessThan(window + map.Step + TimeSpan.FromSeconds(1));
        map.Columns.Select(static column => column.Sum())
            .Should().Equal(Enumerable.Range(0, map.Columns.Count).Select(at => (long)recorded.Count(moment => moment >= map.StartAt + (at * map.Step) && moment < map.StartAt + ((at + 1) * map.Step))));
        map.Columns.Should().OnlyContain(column => column.Count == map.UpperBounds.Count + 1);
    }

    [Fact]
    public void Calls_that_a_circuit_rejected_never_waited_and_are_in_no_cell()
    {
        Record("GET", 1);
        Record("GET", 0, RedisFailureKind.Rejected);

        _monitor.Redis.GetLatencyMap(TimeSpan.FromMinutes(1)).Columns.Sum(static column => column.Sum()).Should().Be(1);
    }

    [Fact]
    public void Each_operation_is_in_the_column_of_its_second()
    {
        Pass(100);
        Record("GET", 1);
        Pass(3);
        Record("SET", 1);
        Record("SET", 1);
        Pass(20);

        var map = _monitor.Redis.GetLatencyMap(TimeSpan.FromMinutes(1));

        map.Step.Should().Be(TimeSpan.FromSeconds(1));
        Filled(map).Should().Equal((_start.AddSeconds(100), 1), (_start.AddSeconds(103), 2));
    }

    [Fact]
    public void Each_operation_is_in_the_column_of_its_half_minute()
    {
        Record("GET", 1);
        Pass(10 * 60);
        Record("GET", 1);
        Pass(30);
        Record("GET", 1);
        Pass(20 * 60);
        Record("GET", 1);

        var map = _monitor.Redis.GetLatencyMap(TimeSpan.FromHours(1));

        map.Step.Should().Be(TimeSpan.FromSeconds(30));
        map.StartAt.Should().Be(_start);
        Filled(map).Should().Equal((_start, 1), (_start.AddMinutes(10), 1), (_start.AddMinutes(10.5), 1), (_start.AddMinutes(30.5), 1));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.06, 0)]
    [InlineData(0.0656, 1)]
    [InlineData(0.130, 1)]
    [InlineData(0.132, 2)]
    [InlineData(1.0, 4)]
    [InlineData(1.1, 5)]
    [InlineData(1073, 14)]
    [InlineData(1074, 15)]
    [InlineData(60_000, 15)]
    [InlineData(3_600_000, 15)]
    public void A_row_takes_what_is_less_than_its_bound(double milliseconds, int row)
    {
        Record("GET", milliseconds);

        var map = _monitor.Redis.GetLatencyMap(TimeSpan.FromMinutes(1));

        map.Columns[^1].Should().Equal(Enumerable.Range(0, 16).Select(at => at == row ? 1L : 0));
        map.UpperBounds.Should().HaveCount(15).And.BeInAscendingOrder();
        if (row < 15)
        {
            milliseconds.Should().BeLessThan(map.UpperBounds[row].TotalMilliseconds);
        }

        if (row > 0)
        {
            milliseconds.Should().BeGreaterThanOrEqualTo(map.UpperBounds[row - 1].TotalMilliseconds);
        }
    }

    [Fact]
    public void What_more_than_fifty_seconds_of_missed_turns_hold_stays_empty_and_nothing_is_counted_twice()
    {
        using var slices = new SliceClock(_clock);
        var operations = new RedisOperations(slices);
        var columns = new RedisLatencyColumns(slices, () => operations.All);
        for (var second = 0; second < 200; second++)
        {
            operations.Get("GET", null).Succeeded(_clock.GetTimestamp());
            Pass(1);
            if (second is < 60 or >= 150)
            {
                columns.Tick();
            }
        }

        var sums = columns.Read(TimeSpan.FromMinutes(5)).Columns.Select(static column => column.Sum()).ToList();

        sums.Should().Equal(10, 10, 10, 10, 10, 10, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 0);
    }

    [Fact]
    public void Without_operations_every_cell_is_zero()
    {
        Pass(120);

        _monitor.Redis.GetLatencyMap(TimeSpan.FromMinutes(1)).Columns.SelectMany(static column => column).Should().NotBeEmpty().And.OnlyContain(static count => count == 0);
        _monitor.Redis.GetLatencyMap(TimeSpan.FromDays(3)).Columns.Should().HaveCount(5, "there is nothing from before the start");
        _monitor.Redis.GetLatencyMap(TimeSpan.Zero).Columns.Should().HaveCount(2);
    }

    private static IEnumerable<(DateTimeOffset At, long Count)> Filled(RedisLatencyMap map) =>
        map.Columns.Select((column, at) => (map.StartAt + (at * map.Step), column.Sum())).Where(static column => column.Item2 > 0);

    private void Record(string operation, double milliseconds, RedisFailureKind failure = default) =>
        _monitor.Redis.Record(new RedisOperationMetric(operation, TimeSpan.FromMilliseconds(milliseconds), failure));

    private void Pass(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
