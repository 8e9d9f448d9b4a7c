using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.CircuitBreakers;
using Monitoring.Latency;
using Monitoring.Redis;
using Monitoring.Telemetry;

namespace Monitoring.Benchmarks;

/// <summary>
/// What looking closely at an operation costs, which at the defaults happens to a thousand a second: its key's pattern, hot
/// keys, sizes, recent list. And what reading hot keys of a full hour costs. Run with --filter *RedisObservation*.
/// </summary>
[MemoryDiagnoser]
public class RedisObservationBenchmarks
{
    private const int Patterns = 64;

    private readonly char[] _pattern = new char[RedisKeyNormalizer.Longest];
    private readonly RedisObservation[] _known = [.. Enumerable.Range(0, Patterns).Select(i => NewObservation($"tenant:{i}:{Name(i)}:cart"))];
    private readonly RedisObservation[] _new = [.. Enumerable.Range(0, 10_007).Select(i => NewObservation($"catalogue:{Name(i)}"))];
    private readonly RedisMonitor _redis = NewMonitor();
    private readonly RedisMonitor _crowded = NewMonitor();
    private readonly KeySlice[] _hour;
    private int _next;

    public RedisObservationBenchmarks()
    {
        var sketch = new KeySketch(100);
        _hour = [.. Enumerable.Range(0, CoarseSlice.Count).Select(number => FillSlice(sketch, number))];
    }

    [Benchmark(Description = "pattern of user:42:cart")]
    public int ShortKey() => RedisKeyNormalizer.Normalize("user:42:cart", _pattern);

    [Benchmark(Description = "pattern of a key with a GUID and a token")]
    public int LongKey() => RedisKeyNormalizer.Normalize("tenant:3f2504e0-4f89-11d3-9a0c-0305e82c3301:session:dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", _pattern);

    [Benchmark(Baseline = true, Description = "Observe, 64 known patterns")]
    public void Known() => _redis.Observe(in _known[_next++ % Patterns]);

    [Benchmark(Description = "Observe, a new pattern each time")]
    public void New() => _crowded.Observe(in _new[_next++ % _new.Length]);

    [Benchmark(Description = "hot keys of an hour, all slices full")]
    public RedisHotKeys HotKeys() => new KeySliceMerge(_hour, 100).ToHotKeys();

    private static KeySlice FillSlice(KeySketch sketch, int number)
    {
        sketch.Clear();
        for (var i = 0; i < 2_000; i++)
        {
            PerOrder weights = default;
            (weights[PerOrder.Calls], weights[PerOrder.Time], weights[PerOrder.Bytes]) = (1, 1_000 + (i * 7919 % 1_000), i * 104_729 % 10_000);
            sketch.Add($"catalogue:{Name(i * (number + 1) % 3_001)}", in weights);
        }

        return sketch.ToSlice(number);
    }

    private static RedisObservation NewObservation(string key) =>
        new("GET", null, key, TimeSpan.FromMicroseconds(300), RedisFailureKind.None, null, 1, 20, 1_000, IsSlow: false);

    private static RedisMonitor NewMonitor()
    {
        var clock = new SliceClock(TimeProvider.System);
        var errors = new InternalErrors(NullLogger.Instance, clock.TimeProvider);
        var circuits = new CircuitBreakerRegistry(clock.TimeProvider, new CircuitBreakerOptions(), NullLogger.Instance, errors);
        return new RedisMonitor(clock, new RedisMonitoringOptions(), circuits, errors);
    }

    // Letters, which no rule collapses.
    private static string Name(int number) => string.Create(4, number, static (name, rest) =>
    {
        for (var i = 0; i < name.Length; i++, rest /= 26)
        {
            name[i] = (char)('a' + (rest % 26));
        }
    });
}
