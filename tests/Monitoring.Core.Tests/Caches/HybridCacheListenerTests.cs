using System.Diagnostics.Tracing;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Caches;
using Monitoring.Core.Tests.TaskQueues;

namespace Monitoring.Core.Tests.Caches;

/// <summary>
/// A host with caches. <c>HybridCache</c> is played by an event source of its name with the counters that
/// Microsoft.Extensions.Caching.Hybrid publishes: the runtime's own machinery of counters is the real one.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HybridCacheListenerTests
{
    [Fact]
    public async Task A_host_finds_its_memory_caches_and_the_hybrid_cache()
    {
        using var hybrid = new HybridSource();
        using var keyed = new MemoryCache(new MemoryCacheOptions { TrackStatistics = true });
        var services = new ServiceCollection();
        services.AddMemoryCache(options => options.TrackStatistics = true).AddKeyedSingleton<IMemoryCache>("users", keyed).AddMonitoring();
        await using var provider = services.BuildServiceProvider();
        foreach (var starting in provider.GetServices<IHostedService>())
        {
            await starting.StartAsync(CancellationToken.None);
        }

        provider.GetRequiredService<IMemoryCache>().TryGetValue("missing", out _);
        keyed.Set("key", 1);
        keyed.TryGetValue("key", out _);
        hybrid.Add(localHits: 7, localMisses: 5, distributedHits: 3, distributedMisses: 2);

        var monitor = provider.GetRequiredService<IPerformanceMonitor>();
        await Eventually.HoldsAsync(() => monitor.Caches.GetSummary().Caches.Count(cache => cache is { Source: CacheSource.HybridCache, Lookups: 12 or 5 }) == 2);
        monitor.Caches.GetSummary().Caches.Select(cache => (cache.Name, cache.Source, cache.Hits, cache.Misses)).Should().BeEquivalentTo(
        [
            ("hybrid.local", CacheSource.HybridCache, 7L, 5L),
            ("hybrid.distributed", CacheSource.HybridCache, 3L, 2L),
            ("memory", CacheSource.MemoryCache, 0L, 1L),
            ("memory.users", CacheSource.MemoryCache, 1L, 0L),
        ]);
        hybrid.IsVerbose.Should().BeFalse("an event for each lookup would slow the cache down");
    }

    [EventSource(Name = HybridCacheListener.SourceName)]
    private sealed class HybridSource : EventSource
    {
        private readonly double[] _totals = new double[4];
        private DiagnosticCounter[]? _counters;

        public bool IsVerbose => IsEnabled(EventLevel.Verbose, EventKeywords.None);

        [NonEvent]
        public void Add(int localHits, int localMisses, int distributedHits, int distributedMisses)
        {
            foreach (var (counter, by) in ((int, int)[])[(0, localHits), (1, localMisses), (2, distributedHits), (3, distributedMisses)])
            {
                Volatile.Write(ref _totals[counter], _totals[counter] + by);
            }
        }

        protected override void OnEventCommand(EventCommandEventArgs command)
        {
            if (command.Command == EventCommand.Enable)
            {
                _counters ??=
                [
                    Counter("total-local-cache-hits", 0), Counter("total-local-cache-misses", 1),
                    Counter("total-distributed-cache-hits", 2), Counter("total-distributed-cache-misses", 3),
                ];
            }
        }

        private PollingCounter Counter(string name, int at) => new(name, this, () => Volatile.Read(ref _totals[at]));
    }
}
