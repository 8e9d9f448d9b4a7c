using Monitoring.Redis.Decorators;
using NSubstitute;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>What a decorated call allocates beyond the bare one.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int Iterations = 10_000;

    // What the runtime itself may allocate meanwhile (tiering); a single byte per call would be far more.
    private const long Noise = 2_000;

    private PerformanceMonitor _monitor = PerformanceMonitor.Create();

    public void Dispose() => _monitor.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_that_completes_at_once_allocates_nothing(bool withCircuit)
    {
        var (inner, recording) = RecordingProxy.Create<IDatabase>();
        _ = recording;
        var database = new StubDatabase(Decorated(inner, withCircuit));

        Allocated(() => database.CallSync()).Should().BeLessThan(Noise);
        Allocated(() => database.CallCompleted()).Should().BeLessThan(Noise);
        Allocated(() => database.CallVoid()).Should().BeLessThan(Noise);
    }

    [Fact]
    public void A_call_of_the_sample_allocates_nothing_either()
    {
        _monitor.Dispose();
        _monitor = PerformanceMonitor.Create(new MonitoringOptions { Redis = { SamplesPerSecond = 100_000 } });
        var database = new StubDatabase(Decorated(RecordingProxy.Create<IDatabase>().Inner, withCircuit: true));

        Allocated(() => database.CallSync()).Should().BeLessThan(Noise);
        Allocated(() => database.CallCompleted()).Should().BeLessThan(Noise);
        Allocated(() => database.CallVoid()).Should().BeLessThan(Noise);
        _monitor.Redis.Sampling.Weight.Should().Be(1, "all of them were looked at");
    }

    [Fact]
    public void A_database_is_handed_out_without_allocating()
    {
        var inner = Substitute.For<IConnectionMultiplexer>();
        var database = Substitute.For<IDatabase>();
        inner.GetDatabase().Returns(database);
        var cache = new DatabaseCache(static (wrapped, _) => wrapped);

        Allocated(() => cache.Get(database, -1, null)).Should().BeLessThan(Noise);
    }

    [Fact]
    public void A_pending_call_allocates_at_most_96_bytes()
    {
        var funnel = Decorated(null!, withCircuit: true);
        var sources = new TaskCompletionSource<RedisValue>[Iterations];
        var results = new Task<RedisValue>[Iterations];

        long Run(bool decorated)
        {
            for (var i = 0; i < Iterations; i++)
            {
                sources[i] = new TaskCompletionSource<RedisValue>();
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Iterations; i++)
            {
                results[i] = decorated
                    ? funnel.CallAsync(RedisCommands.GET, CommandFlags.None, "key", null, sources[i].Task, static t => t)
                    : sources[i].Task;
                sources[i].SetResult("value");
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // Not on the test's thread: its synchronisation context would forbid to complete inline.
        var perCall = Isolated(() =>
        {
            Run(decorated: true);
            return (Run(decorated: true) - Run(decorated: false)) / (double)Iterations;
        });
        perCall.Should().BeInRange(1, 96);
    }

    private RedisFunnel Decorated(IDatabase inner, bool withCircuit)
    {
        var multiplexer = Substitute.For<IConnectionMultiplexer>();
        multiplexer.GetDatabase(Arg.Any<int>(), Arg.Any<object?>()).Returns(inner);
        return new RedisConnection(multiplexer, _monitor, new RedisConnectionOptions { Name = "test", UseCircuitBreaker = withCircuit }, ownsInner: true).Funnel;
    }

    private static long Allocated(Action call) => Isolated(() =>
    {
        for (var i = 0; i < Iterations; i++)
        {
            call();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Iterations; i++)
        {
            call();
        }

        return (double)(GC.GetAllocatedBytesForCurrentThread() - before);
    }) is var bytes ? (long)bytes : 0;

    private static double Isolated(Func<double> measure)
    {
        var result = 0.0;
        var thread = new Thread(() => result = measure());
        thread.Start();
        thread.Join();
        return result;
    }

    /// <summary>The calls as the generated members make them, over an inner object that costs nothing.</summary>
    private sealed class StubDatabase(RedisFunnel funnel)
    {
        private static readonly RedisValue Value = "value";
        private static readonly Task<RedisValue> Completed = Task.FromResult(Value);

        private RedisValue Reply { get; } = "reply";

        public RedisValue CallSync() =>
            funnel.Call(RedisCommands.GETSET, CommandFlags.None, "key", (Inner: this, Value), static s => s.Inner.Reply, static s => PayloadSize.Of(s.Value));

        public Task<RedisValue> CallCompleted() =>
            funnel.CallAsync(RedisCommands.GET, CommandFlags.None, "key", null, (Inner: this, Value), static _ => Completed);

        public void CallVoid() =>
            funnel.Send(RedisCommands.LTRIM, CommandFlags.None, "key", (Inner: this, Value), static _ => { }, static s => PayloadSize.Of(s.Value));
    }
}
