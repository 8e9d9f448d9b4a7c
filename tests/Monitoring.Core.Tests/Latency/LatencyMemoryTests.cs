using Monitoring.Latency;
using Monitoring.TestSupport;
using Xunit.Abstractions;

namespace Monitoring.Core.Tests.Latency;

[Collection(nameof(Alone))]
public class LatencyMemoryTests(ITestOutputHelper output)
{
    private const int Operations = 100;
    private const int RecordsPerSecond = 50;
    private const int StripesOnLargeMachines = 8;
    private const long Budget = 16L * 1024 * 1024;

    // As wide as latencies of one operation get: five orders of magnitude, most of them small.
    private static readonly long[] Latencies = [.. Enumerable.Range(0, 10_007).Select(i => (long)(20_000 * Math.Pow(10, 5 * Math.Pow(i / 10_007.0, 3))))];

    [Fact]
    public void A_hundred_operations_stay_within_16_MB_however_long_they_are_recorded()
    {
        var time = new FakeClock();
        using var clock = new SliceClock(time);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var recorders = Enumerable.Range(0, Operations).Select(_ => new LatencyRecorder(clock)).ToArray();
        var next = 0;

        RecordFor(seconds: 3_700);
        var afterAnHour = GC.GetTotalMemory(forceFullCollection: true) - before;
        RecordFor(seconds: 900);
        var later = GC.GetTotalMemory(forceFullCollection: true) - before;

        // This machine may have fewer stripes than the largest; the budget holds there too.
        var missingStripes = (long)(StripesOnLargeMachines - Stripes.Count) * Operations * LatencyBuckets.Count * sizeof(long);
        output.WriteLine($"{Operations} operations, {recorders.Sum(r => r.TotalCount):N0} records: {afterAnHour:N0} B after an hour, {later:N0} B later; {later + missingStripes:N0} B with {StripesOnLargeMachines} stripes");
        (later + missingStripes).Should().BeLessThan(Budget);

        // Less is no growth: what earlier tests have left behind may go at any time.
        (later - afterAnHour).Should().BeLessThan(afterAnHour / 20, "memory must be flat once the hour is full");
        recorders.Sum(r => r.GetSnapshot(TimeSpan.FromHours(1)).Count).Should().BeGreaterThan(3_600L * Operations * RecordsPerSecond);

        void RecordFor(int seconds)
        {
            for (var second = 0; second < seconds; second++)
            {
                foreach (var recorder in recorders)
                {
                    for (var i = 0; i < RecordsPerSecond; i++)
                    {
                        next = (next + 1) % Latencies.Length;
                        recorder.Record(TimeSpan.FromTicks(Latencies[next] / 100));
                    }
                }

                time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }
}
