using System.Diagnostics;
using Monitoring.Redis;
using Monitoring.Redis.Decorators;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace Monitoring.Benchmarks.Redis;

/// <summary>One way to read from Redis, on a connection of its own.</summary>
/// <param name="Name">Its row.</param>
/// <param name="Get">Reads a key.</param>
/// <param name="EverySecond">What it has to do once a second, or null.</param>
/// <param name="Owner">What to dispose of.</param>
internal sealed record PipelinedClient(string Name, Func<RedisKey, Task<RedisValue>> Get, Action? EverySecond, IAsyncDisposable Owner) : IAsyncDisposable
{
    public const string BareRow = "bare StackExchange.Redis";
    public const string MonitoredRow = "monitored";
    public const string WithCircuitRow = "monitored, closed circuit";
    public const string ProfiledRow = "profiler drained every second";

    /// <summary>A client for each row, the bare one first.</summary>
    public static async Task<IReadOnlyList<PipelinedClient>> ConnectAllAsync(string endPoint, PerformanceMonitor monitor)
    {
        Task<ConnectionMultiplexer> Connect() => ConnectionMultiplexer.ConnectAsync(endPoint);
        RedisConnectionOptions Options(string name, bool circuit) => new() { Name = name, UseCircuitBreaker = circuit };
        return
        [
            Of(BareRow, await Connect()),
            Of(MonitoredRow, (await Connect()).WithMonitoring(monitor, Options("plain", false))),
            Of(WithCircuitRow, (await Connect()).WithMonitoring(monitor, Options("circuit", true))),
            OfAwaited(await Connect()),
            OfTimed(await Connect(), monitor.Redis.GetOperation("TIMED")),
            OfProfiled(await Connect()),
            OfResilient(await Connect()),
            Of("monitored by the dynamic decorator", RedisDecoration.Decorate(await Connect(), monitor, Options("dynamic", false), null, DecoratorChoice.Dynamic)),
        ];
    }

    public ValueTask DisposeAsync() => Owner.DisposeAsync();

    private static PipelinedClient Of(string name, IConnectionMultiplexer multiplexer)
    {
        var database = multiplexer.GetDatabase();
        return new PipelinedClient(name, key => database.StringGetAsync(key), null, multiplexer);
    }

    // The floor under the monitored rows: what it takes to see each answer, and to time and count it besides.
    private static PipelinedClient OfAwaited(ConnectionMultiplexer multiplexer)
    {
        var database = multiplexer.GetDatabase();
        return new PipelinedClient("bare, awaited once more", async key => await database.StringGetAsync(key).ConfigureAwait(false), null, multiplexer);
    }

    private static PipelinedClient OfTimed(ConnectionMultiplexer multiplexer, RedisOperationRecorder recorder)
    {
        var database = multiplexer.GetDatabase();
        async Task<RedisValue> GetAsync(RedisKey key)
        {
            var start = Stopwatch.GetTimestamp();
            var value = await database.StringGetAsync(key).ConfigureAwait(false);
            recorder.Succeeded(start);
            return value;
        }

        return new PipelinedClient("the same, timed and counted", GetAsync, null, multiplexer);
    }

    // What OpenTelemetry's instrumentation does, short of what it makes of each command.
    private static PipelinedClient OfProfiled(ConnectionMultiplexer multiplexer)
    {
        var session = new ProfilingSession();
        multiplexer.RegisterProfiler(() => session);
        var seen = TimeSpan.Zero;
        void Drain()
        {
            foreach (var command in session.FinishProfiling())
            {
                seen += command.ElapsedTime;
            }
        }

        return Of(ProfiledRow, multiplexer) with { EverySecond = Drain };
    }

    private static PipelinedClient OfResilient(ConnectionMultiplexer multiplexer)
    {
        var reads = new ResilientReads(multiplexer.GetDatabase());
        return new PipelinedClient("through a resilience pipeline", reads.StringGetAsync, null, multiplexer);
    }
}
