using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Monitoring.Redis;
using Monitoring.Redis.Decorators;
using Perfolizer.Horology;
using StackExchange.Redis;

namespace Monitoring.Benchmarks.Redis;

/// <summary>
/// What a decorated call costs over the bare one. The inner database answers at once, or with a task that is completed
/// after the call returned. The client's own profiler has no row here: it lives inside the client that is left out.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class RedisDecoratorBenchmarks
{
    private static readonly RedisKey Key = "key";
    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private IDatabase _bare = null!;
    private IDatabase _decorated = null!;
    private IDatabase _withCircuit = null!;
    private IDatabase _dynamic = null!;
    private ResilientReads _resilient = null!;

    [GlobalSetup]
    public void Setup()
    {
        var inner = StubMultiplexer.Make(out _bare);
        var plain = new RedisConnectionOptions { Name = "plain", UseCircuitBreaker = false, UseDiagnostics = false };
        var withCircuit = new RedisConnectionOptions { Name = "circuit", UseDiagnostics = false };
        _decorated = inner.WithMonitoring(_monitor, plain).GetDatabase();
        _withCircuit = StubMultiplexer.Make(out _).WithMonitoring(_monitor, withCircuit).GetDatabase();
        _dynamic = RedisDecoration.Decorate(StubMultiplexer.Make(out _), _monitor, plain, null, DecoratorChoice.Dynamic).GetDatabase();
        _resilient = new ResilientReads(_bare);
    }

    [GlobalCleanup]
    public void Cleanup() => _monitor.Dispose();

    // No baseline: a call that does nothing takes no measurable time, so the other rows are the cost itself.
    [Benchmark]
    public bool Bare() => _bare.KeyExists(Key);

    [Benchmark]
    public bool Decorated() => _decorated.KeyExists(Key);

    [Benchmark]
    public bool DecoratedWithClosedCircuit() => _withCircuit.KeyExists(Key);

    [Benchmark]
    public bool Resilient() => _resilient.KeyExists(Key);

    [Benchmark]
    public bool Dynamic() => _dynamic.KeyExists(Key);

    [Benchmark]
    public Task<RedisValue> BarePending() => Pending(_bare);

    [Benchmark]
    public Task<RedisValue> DecoratedPending() => Pending(_decorated);

    [Benchmark]
    public Task<RedisValue> DecoratedPendingWithClosedCircuit() => Pending(_withCircuit);

    [Benchmark]
    public async Task<RedisValue> ResilientPending()
    {
        var task = _resilient.StringGetAsync(Key);
        StubMultiplexer.Complete();
        return await task;
    }

    [Benchmark]
    public Task<RedisValue> DynamicPending() => Pending(_dynamic);

    private static async Task<RedisValue> Pending(IDatabase database)
    {
        var task = database.StringGetAsync(Key);
        StubMultiplexer.Complete();
        return await task;
    }

    /// <summary>Short, and without a process for each row: a row is a few nanoseconds, a process half a minute.</summary>
    private sealed class InThisProcess : ManualConfig
    {
        public InThisProcess() => AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(5)
            .WithIterationCount(9)
            .WithIterationTime(TimeInterval.FromMilliseconds(250)));
    }
}
