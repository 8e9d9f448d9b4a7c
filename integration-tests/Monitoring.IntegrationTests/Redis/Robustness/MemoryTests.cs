using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Robustness;

/// <summary>Tests that measure the whole process, such as its memory, and therefore run while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int Calls = 10_000;
    private const int PoolLimit = 1024;
    private const long Growth = 1024 * 1024;

    [Fact]
    public async Task Outbursts_leave_no_more_behind_than_the_first_ones_did()
    {
        await using var redis = await MonitoredServer.StartAsync();
        var database = redis.Monitored.GetDatabase();
        for (var i = 0; i < 3; i++)
        {
            await BurstAsync(database);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 5; i++)
        {
            await BurstAsync(database);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(Growth);

        // A thread that looks and then adds may overstep the limit by one.
        PendingCall<long>.Pooled.Should().BeLessThanOrEqualTo(PoolLimit + ThreadPool.ThreadCount);
    }

    private static Task BurstAsync(IDatabase database) =>
        Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => database.StringIncrementAsync("count"))).WaitAsync(MonitoredServer.Patience);
}
