using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.TestSupport;
using Xunit.Abstractions;

namespace Monitoring.Core.Tests.Redis;

[Collection(nameof(Alone))]
public sealed class RedisObservationsMemoryTests(ITestOutputHelper output)
{
    private const int Keys = 1_000_000;
    private const long Budget = 2L * 1024 * 1024;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_million_keys_that_have_nothing_in_common_stay_within_2_MB(bool captureRawKeys)
    {
        var time = new FakeClock();
        using var clock = new SliceClock(time);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var observations = new RedisObservations(clock, new RedisMonitoringOptions { CaptureRawKeys = captureRawKeys });

        // Names of letters, which no rule collapses, over more than an hour, so that every slice is full.
        for (var i = 0; i < Keys; i++)
        {
            var observation = new RedisObservation("GET", null, Name(i), TimeSpan.FromMilliseconds(100 + (i % 7)), RedisFailureKind.None, null, 1, 10, i % 100_000, IsSlow: i % 10 == 0);
            observations.Observe(in observation, captureRawKeys);
            if (i % (Keys / 4_000) == 0)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Keys:N0} keys: {used:N0} B");
        used.Should().BeLessThan(Budget);
        observations.GetLists(captureRawKeys).Usage.GetHotKeys(TimeSpan.FromHours(1)).ByCalls.Should().HaveCount(100);
        observations.GetLists(captureRawKeys).SlowOperations.GetOperations(TimeSpan.FromHours(1)).Should().HaveCount(200);
    }

    private static string Name(int number) =>
        "catalogue:" + string.Create(8, number, static (name, rest) =>
        {
            for (var i = 0; i < name.Length; i++, rest /= 26)
            {
                name[i] = (char)('a' + (rest % 26));
            }
        });
}
