using System.Diagnostics;
using Monitoring.Redis.Decorators;
using NSubstitute;
using OpenTelemetry;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Telemetry;

/// <summary>What a call costs while somebody traces and the sampler wants nothing.</summary>
[Collection(nameof(Alone))]
public sealed class UnsampledAllocationTests : IDisposable
{
    private const int Calls = 1000;

    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void An_unsampled_call_allocates_no_more_than_an_untraced_one()
    {
        using var connection = new RedisConnection(
            Substitute.For<IConnectionMultiplexer>(), _monitor, new RedisConnectionOptions { Name = "test", UseCircuitBreaker = false, UseDiagnostics = false }, ownsInner: false);
        var funnel = connection.Funnel;
        var untraced = Allocated(funnel);

        using var tracing = Sdk.CreateTracerProviderBuilder().AddSource(RedisTelemetryNames.ActivitySource).SetSampler(new AlwaysOffSampler()).Build();
        using var caller = new Activity("caller").Start();
        var unsampled = Allocated(funnel);

        _monitor.Redis.Telemetry.IsListening.Should().BeTrue();
        unsampled.Should().Be(untraced);
        Activity.Current.Should().BeSameAs(caller);
    }

    // Completed at once and pending, without a source of the test's own in the sum.
    private static (long Completed, long Pending) Allocated(RedisFunnel funnel)
    {
        // Not on the test's thread: its synchronisation context would forbid to complete inline.
        (long, long) allocated = default;
        var thread = new Thread(() => allocated = Measure(funnel));
        thread.Start();
        thread.Join();
        return allocated;
    }

    private static (long Completed, long Pending) Measure(RedisFunnel funnel)
    {
        var completed = Task.FromResult((RedisValue)"value");
        return (
            Least(() => funnel.CallAsync(RedisCommands.GET, CommandFlags.None, default, null, completed, static task => task)),
            Least(() =>
            {
                var source = new TaskCompletionSource<RedisValue>();
                _ = funnel.CallAsync(RedisCommands.GET, CommandFlags.None, default, null, source.Task, static task => task);
                source.SetResult("value");
            }));
    }

    // The runtime itself allocates now and then (tiering), and the sample looks at a call now and then; what a call
    // allocates, it allocates every time.
    private static long Least(Action call)
    {
        for (var i = 0; i < 30_000; i++)
        {
            call();
        }

        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / Calls;
    }
}
