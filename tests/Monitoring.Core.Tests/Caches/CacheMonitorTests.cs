using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Caches;
using Monitoring.Latency;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Caches;

public sealed class CacheMonitorTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly SliceClock _slices;
    private readonly InternalErrors _errors;
    private readonly CacheMonitor _monitor;

    public CacheMonitorTests()
    {
        _slices = new SliceClock(_clock);
        _errors = new InternalErrors(NullLogger.Instance, _clock);
        _monitor = New(new CacheOptions());
    }

    public void Dispose() => _slices.Dispose();

    [Fact]
    public void Tells_hits_and_misses_of_each_cache_and_of_all()
    {
        Record("prices", hits: 30, misses: 10);
        Record("sessions", hits: 5, misses: 15);

        var summary = _monitor.GetSummary();

        summary.Caches.Select(cache => (cache.Name, cache.Source, cache.Lookups, cache.Hits, cache.Misses, cache.HitRatePercent)).Should().Equal(
            ("prices", CacheSource.Recorded, 40L, 30L, 10L, 75.0),
            ("sessions", CacheSource.Recorded, 20L, 5L, 15L, 25.0));
        (summary.Lookups, summary.Hits, summary.Misses).Should().Be((60, 35, 25));
        summary.HitRatePercent.Should().BeApproximately(100.0 * 35 / 60, 1e-9);
        summary.Window.Should().Be(TimeSpan.FromHours(1));
    }

    [Fact]
    public void Looks_back_as_far_as_asked()
    {
        Record("prices", hits: 1, misses: 9);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Record("prices", hits: 3, misses: 1);

        _monitor.GetSummary(TimeSpan.FromMinutes(1)).HitRatePercent.Should().Be(75);
        _monitor.GetSummary(TimeSpan.FromMinutes(10)).Lookups.Should().Be(14);

        _clock.Advance(TimeSpan.FromMinutes(2));
        var empty = _monitor.GetSummary(TimeSpan.FromMinutes(1));
        (empty.Lookups, empty.HitRatePercent).Should().Be((0, 0));
        empty.Caches.Should().ContainSingle().Which.HitRatePercent.Should().Be(0);
    }

    [Fact]
    public void Caches_beyond_the_cap_share_an_entry_and_are_counted()
    {
        var monitor = New(new CacheOptions { MaxCaches = 2 });
        foreach (var name in (string?[])["a", "b", "c", "d", null, ""])
        {
            monitor.Record(name!, hit: true);
        }

        var summary = monitor.GetSummary();
        summary.Caches.Select(cache => (cache.Name, cache.Hits)).Should().Equal(("OTHER", 4L), ("a", 1L), ("b", 1L));
        summary.OverflowedCaches.Should().Be(4);
    }

    [Fact]
    public async Task No_lookup_is_lost_under_threads()
    {
        const int Threads = 4;
        const int Each = 20_000;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    _monitor.Record(i % 2 == 0 ? "even" : "odd", hit: i % 4 < 3);
                }
            },
            TaskCreationOptions.LongRunning)));

        var summary = _monitor.GetSummary();
        (summary.Hits, summary.Misses).Should().Be((Threads * Each * 3 / 4, Threads * Each / 4));
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        Record("prices", hits: 1, misses: 1);

        Allocations.Least(() => Record("prices", hits: 1000, misses: 1000)).Should().Be(0);
    }

    [Fact]
    public void A_memory_cache_that_tracks_statistics_is_read()
    {
        using var cache = new MemoryCache(new MemoryCacheOptions { TrackStatistics = true });
        using var silent = new MemoryCache(new MemoryCacheOptions());
        cache.TryGetValue("before", out _);
        using var watching = _monitor.Watch("memory", cache);
        using var other = _monitor.Watch("silent", silent);

        cache.Set("key", 1);
        for (var i = 0; i < 3; i++)
        {
            cache.TryGetValue("key", out _);
        }

        cache.TryGetValue("missing", out _);
        silent.TryGetValue("missing", out _);

        var read = _monitor.GetSummary().Caches.Should().ContainSingle("the other one does not count").Subject;
        (read.Name, read.Source, read.Hits, read.Misses).Should().Be(("memory", CacheSource.MemoryCache, 3L, 1L));

        watching.Dispose();
        cache.TryGetValue("key", out _);
        _monitor.GetSummary().Hits.Should().Be(0);
    }

    [Fact]
    public void Totals_that_seem_to_go_back_are_not_counted_twice()
    {
        CacheCounts? now = new CacheCounts(0, 0);
        using var watching = _monitor.Watch("redis", CacheSource.Redis, () => now);
        foreach (var hits in (long[])[10, 9, 10, 12])
        {
            now = new CacheCounts(hits, 1);
            _monitor.Tick();
        }

        now = null;
        _monitor.Tick();

        var summary = _monitor.GetSummary();
        (summary.Hits, summary.Misses).Should().Be((12, 1));
    }

    [Fact]
    public void A_cache_that_throws_is_counted_and_hides_no_other()
    {
        using var broken = _monitor.Watch("broken", CacheSource.MemoryCache, static () => throw new ObjectDisposedException("cache"));
        Record("prices", hits: 1, misses: 0);

        _monitor.GetSummary().Caches.Should().ContainSingle().Which.Name.Should().Be("prices");
        _errors.Count.Should().Be(2);
    }

    [Fact]
    public void Caches_that_are_watched_are_bounded_too()
    {
        var monitor = New(new CacheOptions { MaxCaches = 3 });
        for (var i = 0; i < 10; i++)
        {
            var (name, count) = ($"{i}", 0);
            monitor.Watch(name, CacheSource.MemoryCache, () => new CacheCounts(count++, 0));
        }

        monitor.GetSummary().Caches.Should().HaveCount(3);
    }

    [Fact]
    public void Alert_rules_read_what_the_hit_rate_lacks_and_Redis_apart()
    {
        Record("prices", hits: 60, misses: 40);
        CacheCounts? totals = new CacheCounts(0, 0);
        using var watching = _monitor.Watch("redis", CacheSource.Redis, () => totals);
        totals = new CacheCounts(1, 9);
        _monitor.Tick();

        var readings = new List<MetricReading>();
        _monitor.Collect(readings, TimeSpan.FromMinutes(1));

        readings.Select(reading => (reading.Metric, reading.Instance, reading.Value, reading.Count)).Should().BeEquivalentTo(
        [
            (MetricNames.CacheMissRate, "prices", 40.0, 100L),
            (MetricNames.RedisLookupMissRate, (string?)null, 90.0, 10L),
        ]);

        readings.Clear();
        _clock.Advance(TimeSpan.FromMinutes(2));
        _monitor.Collect(readings, TimeSpan.FromMinutes(1));
        readings.Should().BeEmpty();
    }

    private CacheMonitor New(CacheOptions options) => new(_slices, options, _errors);

    private void Record(string name, int hits, int misses)
    {
        for (var i = 0; i < hits + misses; i++)
        {
            _monitor.Record(name, i < hits);
        }
    }
}
