using System.Diagnostics;
using Monitoring.Redis.Decorators;
using Monitoring.Requests;
using NSubstitute;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>What is measured: for each row, the bytes that one call allocates beyond the bare one.</summary>
internal static class AllocationRows
{
    private const int Iterations = 10_000;
    private const int BatchSize = 10;

    // Every call is looked at closely, as far as the budget of a second goes.
    private const int Everything = 100_000;

    private static readonly object AsyncState = new();

    public static IReadOnlyDictionary<string, Func<double>> All { get; } = new Dictionary<string, Func<double>>
    {
        ["synchronous"] = () => Of(static calls => calls.Synchronous()),
        ["synchronous, closed circuit"] = () => Of(static calls => calls.Synchronous(), circuit: true),
        ["synchronous, looked at closely"] = () => Of(static calls => calls.Synchronous(), circuit: true, Everything),
        ["synchronous, without a result"] = () => Of(static calls => calls.Void(), circuit: true),
        ["asynchronous, completes at once"] = () => Of(static calls => calls.Completed(), circuit: false),
        ["asynchronous, completes at once, closed circuit"] = () => Of(static calls => calls.Completed(), circuit: true),
        ["asynchronous, completes at once, looked at closely"] = () => Of(static calls => calls.Completed(), circuit: true, Everything),
        ["synchronous, inside a request"] = () => OfRequest(static () => Of(static calls => calls.Synchronous(), circuit: true)),
        ["fire and forget"] = () => Of(static calls => calls.Forgotten(), circuit: true),
        ["scan"] = () => Of(static calls => calls.Scan(), circuit: true),
        ["database handed out"] = OfDatabase,
        ["pending"] = () => OfPending(circuit: false),
        ["pending, closed circuit"] = () => OfPending(circuit: true),
        ["pending, with asyncState"] = () => OfPending(circuit: true, asyncState: AsyncState),
        ["pending, looked at closely"] = () => OfPending(circuit: true, samples: Everything),
        ["pending, inside a request"] = () => OfRequest(static () => OfPending(circuit: true)),
        ["batch of 10"] = () => OfBatch(circuit: false),
        ["batch of 10, closed circuit"] = () => OfBatch(circuit: true),
    };

    private static double Of(Action<FunnelCalls> call, bool circuit = false, int samples = 0) => With(circuit, samples, funnel =>
    {
        var calls = new FunnelCalls(funnel);
        return Settled(() => Allocated(() => call(calls)));
    });

    // The time of each call is added to the request that it belongs to.
    private static double OfRequest(Func<double> measure)
    {
        using var activity = new Activity("request").Start();
        var request = OperationState.Begin("GET /orders", activity);
        var result = measure();
        request.End(wantsPhases: false, out _).RedisCommands.Should().BeGreaterThan(Iterations);
        return result;
    }

    private static double OfDatabase()
    {
        var database = Substitute.For<IDatabase>();
        var cache = new DatabaseCache(static (wrapped, _) => wrapped);
        return Isolated(() => Settled(() => Allocated(() => cache.Get(database, -1, null))));
    }

    private static double OfPending(bool circuit, int samples = 0, object? asyncState = null) => With(circuit, samples, funnel =>
        Beyond(static (source, _) => source.Task, (source, _) => FunnelCalls.Pending(funnel, source, asyncState)));

    // The stub's own tasks are the bare batch.
    private static double OfBatch(bool circuit) => With(circuit, samples: 0, funnel =>
    {
        var pipelines = Array.ConvertAll(new int[Iterations], _ => new Pipeline(funnel, RedisCommands.PIPELINE, null));
        return BatchSize * Beyond(static (source, _) => source.Task, (source, i) =>
        {
            var pipeline = pipelines[i / BatchSize];
            var task = pipeline.Queue(source.Task);
            if (i % BatchSize == BatchSize - 1)
            {
                pipeline.Execute(static () => { });
            }

            return task;
        });
    });

    private static double Beyond(
        Func<TaskCompletionSource<RedisValue>, int, Task<RedisValue>> bare, Func<TaskCompletionSource<RedisValue>, int, Task<RedisValue>> decorated)
    {
        var sources = new TaskCompletionSource<RedisValue>[Iterations];
        var results = new Task<RedisValue>[Iterations];
        double Run(Func<TaskCompletionSource<RedisValue>, int, Task<RedisValue>> call)
        {
            for (var i = 0; i < Iterations; i++)
            {
                sources[i] = new TaskCompletionSource<RedisValue>();
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Iterations; i++)
            {
                results[i] = call(sources[i], i);
                sources[i].SetResult("value");
            }

            return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Iterations;
        }

        return Settled(() => Run(decorated) - Run(bare));
    }

    private static double Allocated(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Iterations; i++)
        {
            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Iterations;
    }

    // The first runs also fill caches and are compiled; the least of the later ones is the call itself.
    private static double Settled(Func<double> run) => Enumerable.Range(0, 4).Select(_ => run()).Skip(1).Min();

    private static double With(bool circuit, int samples, Func<RedisFunnel, double> measure)
    {
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { Redis = { SamplesPerSecond = samples } });
        var options = new RedisConnectionOptions { Name = "test", UseCircuitBreaker = circuit, UseDiagnostics = false };
        using var connection = new RedisConnection(Substitute.For<IConnectionMultiplexer>(), monitor, options, ownsInner: true);
        return Isolated(() => measure(connection.Funnel));
    }

    // On a thread of its own: the test's synchronisation context would forbid to complete inline.
    private static double Isolated(Func<double> measure)
    {
        var result = 0.0;
        var thread = new Thread(() => result = measure());
        thread.Start();
        thread.Join();
        return result;
    }
}

/// <summary>The calls as the generated members make them, over an inner object that costs nothing.</summary>
internal sealed class FunnelCalls(RedisFunnel funnel)
{
    private static readonly RedisValue Value = "value";
    private static readonly Task<RedisValue> Done = Task.FromResult(Value);
    private static readonly int[] Page = [1];

    private RedisValue Reply { get; } = "reply";

    public RedisValue Synchronous() =>
        funnel.Call(RedisCommands.GETSET, CommandFlags.None, "key", (Inner: this, Value), static s => s.Inner.Reply, static s => PayloadSize.Of(s.Value));

    public Task<RedisValue> Completed() =>
        funnel.CallAsync(RedisCommands.GET, CommandFlags.None, "key", null, (Inner: this, Value), static _ => Done);

    public void Void() =>
        funnel.Send(RedisCommands.LTRIM, CommandFlags.None, "key", (Inner: this, Value), static _ => { }, static s => PayloadSize.Of(s.Value));

    public Task<RedisValue> Forgotten() =>
        funnel.CallAsync(RedisCommands.SET, CommandFlags.FireAndForget, "key", null, (Inner: this, Value), static _ => Done, static s => PayloadSize.Of(s.Value));

    public IEnumerable<int> Scan() => funnel.Enumerate(RedisCommands.SCAN, CommandFlags.None, "key", Page);

    public static Task<RedisValue> Pending(RedisFunnel funnel, TaskCompletionSource<RedisValue> source, object? asyncState) =>
        funnel.CallAsync(RedisCommands.GET, CommandFlags.None, "key", asyncState, source.Task, static inner => inner);
}
