using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Caches;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>What counting a lookup costs a cache (budget: 0 B).</summary>
[MemoryDiagnoser]
public class CacheBenchmarks
{
    private readonly SliceClock _clock = new(TimeProvider.System);
    private CacheMonitor _monitor = null!;

    [GlobalSetup]
    public void Setup()
    {
        _monitor = new CacheMonitor(_clock, new CacheOptions(), new InternalErrors(NullLogger.Instance, TimeProvider.System));
        for (var i = 0; i < 20; i++)
        {
            _monitor.Record($"cache-{i}", hit: true);
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _clock.Dispose();

    [Benchmark]
    public void RecordCache() => _monitor.Record("cache-7", hit: true);

    [Benchmark]
    public CacheSummary GetSummary() => _monitor.GetSummary();
}
