using Monitoring.History;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;
using Monitoring.TestSupport;
using Xunit.Abstractions;

namespace Monitoring.Core.Tests.History;

[Collection(nameof(Alone))]
public sealed class HistoryMemoryTests(ITestOutputHelper output)
{
    private const int Operations = 100;
    private const int StripesOnLargeMachines = 8;
    private const long Budget = 3L * 1024 * 1024;
    private const long WholeBudget = 16L * 1024 * 1024;

    [Fact]
    public void A_day_of_a_hundred_redis_operations_stays_within_3_MB()
    {
        var clock = new FakeClock();
        var readings = new List<MetricReading>();
        for (var command = 0; command < Operations; command++)
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

        // Less is no growth: what earlier tests have left behind may go at any time.
        (later - after).Should().BeLessThan(100_000, "memory is flat once the day is full");

        void Record(TimeSpan time)
        {
            for (var second = 0; second < time.TotalSeconds; second += 5)
            {
                history.Record(readings);
                clock.Advance(TimeSpan.FromSeconds(5));
            }
        }
    }

    /// <summary>Arrays of the history are as large as they get once their first step is over, and the rooms keep an hour.</summary>
    [Fact]
    public void A_whole_monitor_with_a_hundred_redis_operations_stays_within_16_MB()
    {
        var clock = new FakeClock();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } }, clock);
        for (var second = 0; second < 3700; second++)
        {
            for (var command = 0; command < Operations; command++)
            {
                for (var i = 0; i < 5; i++)
                {
                    monitor.Redis.Record(new RedisOperationMetric($"COMMAND{command}", TimeSpan.FromMicroseconds(20 + (((second * 7919) + (command * 104_729) + (i * 31)) % 10_000)), default));
                }
            }

            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var after = GC.GetTotalMemory(forceFullCollection: true) - before;

        // This machine may have fewer stripes than the largest; the budget holds there too.
        var missingStripes = (long)(StripesOnLargeMachines - Stripes.Count) * Operations * LatencyBuckets.Count * sizeof(long);
        output.WriteLine($"{Operations} operations, {monitor.Redis.GetSummary().TotalOperations:N0} records in an hour: {after:N0} B; {after + missingStripes:N0} B with {StripesOnLargeMachines} stripes");
        monitor.History.GetLatest().Should().HaveCountGreaterThan(2 * Operations);
        (after + missingStripes).Should().BeLessThan(WholeBudget);
    }
}
