using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Xunit.Abstractions;

namespace Monitoring.Core.Tests.History;

[Collection(nameof(Alone))]
public sealed class HistoryMemoryTests(ITestOutputHelper output)
{
    private const long Budget = 3L * 1024 * 1024;

    [Fact]
    public void A_day_of_a_hundred_redis_operations_stays_within_3_MB()
    {
        var clock = new FakeClock();
        var readings = new List<MetricReading>();
        for (var command = 0; command < 100; command++)
        {
            readings.Add(new(MetricNames.RedisOperationLatency, command, $"COMMAND{command}"));
            readings.Add(new(HistoryMetrics.RedisOperationRate, command, $"COMMAND{command}"));
        }

        readings.AddRange(HistoryMetrics.Names.Select(static metric => new MetricReading(metric, 1)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var history = new HistoryMonitor(clock);

        Record(TimeSpan.FromHours(25));
        var after = GC.GetTotalMemory(forceFullCollection: true) - before;
        Record(TimeSpan.FromHours(3));
        var later = GC.GetTotalMemory(forceFullCollection: true) - before;

        output.WriteLine($"{readings.Count} series: {after:N0} B after a day, {later:N0} B later");
        history.GetLatest().Should().HaveCount(readings.Count);
        later.Should().BeLessThan(Budget);
        later.Should().BeCloseTo(after, 100_000, "memory is flat once the day is full");

        void Record(TimeSpan time)
        {
            for (var second = 0; second < time.TotalSeconds; second += 5)
            {
                history.Record(readings);
                clock.Advance(TimeSpan.FromSeconds(5));
            }
        }
    }
}
