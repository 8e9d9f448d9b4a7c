using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.TaskQueues;
using Monitoring.TaskQueues.Processing;
using Monitoring.TaskQueues.Recording;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>A worker on the thread of the test: it runs what waits and comes back when it has to wait itself.</summary>
public sealed class TaskWorkerAllocationTests : IDisposable
{
    private const int Few = 1_000;
    private const int Many = 4_000;

    private readonly PerformanceMonitor _monitor = PerformanceMonitor.Create();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    public void Dispose()
    {
        _monitor.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task Running_a_task_that_completes_at_once_allocates_nothing(int? limit)
    {
        for (var warmup = 0; warmup < 3; warmup++)
        {
            await RunAsync(Many, limit);
        }

        var few = await LeastAsync(Few, limit);
        var many = await LeastAsync(Many, limit);

        // What it takes to begin and to wait at the end is the same for both.
        (many - few).Should().BeInRange(-(Many - Few) / 2, (Many - Few) / 2);
    }

    // What happens once, as when the thread has just moved to another processor, is no part of the work.
    private async Task<long> LeastAsync(int count, int? limit)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            least = Math.Min(least, await RunAsync(count, limit));
        }

        return least;
    }

    private async Task<long> RunAsync(int count, int? limit)
    {
        var options = new TaskQueueOptions { Capacity = Many, Workers = 1 };
        options.Types["delegate"] = new TaskTypeOptions { MaxConcurrency = limit };
        using var bounded = new BoundedTaskQueue(options);
        var queue = bounded.WithMonitoring(_monitor);
        using var watch = (IDisposable)queue;
        var settings = new LiveSettings(new ProcessorSettings(options));
        var errors = new InternalErrors(NullLogger.Instance, TimeProvider.System);
        var recorder = _monitor.TaskQueue.Queue(TaskQueueMonitor.DefaultQueue);
        using var limits = new TypeLimits(TimeProvider.System, TypeLimits.GetLanes(options, livesWithProcess: true), static () => false, static () => { });
        limits.Reload(settings.Current);
        var settlement = new TaskSettlement(bounded, livesWithProcess: true, recorder, TimeProvider.System, NullLogger.Instance, errors);
        using var crew = new WorkerCrew(settings, new WorkerPool(settings, limits.GetDepth), static _ => throw new InvalidOperationException("Nobody else."), NullLogger.Instance, errors);
        using var worker = new TaskWorker(
            crew, bounded, settlement, limits, settings, recorder, _services.GetRequiredService<IServiceScopeFactory>(), TimeProvider.System, errors, static () => { });
        for (var i = 0; i < count; i++)
        {
            await queue.EnqueueAsync(BackgroundTask.Create(static _ => ValueTask.CompletedTask));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var running = worker.RunAsync();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        worker.Settled.Should().Be(count);
        worker.Leave();
        await running;
        return allocated;
    }
}
