using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;

namespace Monitoring.Benchmarks.Queues;

/// <summary>Our queue and one worker, as <c>AddTaskQueue</c> builds them: timeout, retries and token included.</summary>
internal sealed class OwnQueue(string name, PerformanceMonitor? monitor) : QueueContender(name, QueueCommand.FastBatch)
{
    public const string UnmonitoredRow = "ours, unmonitored";
    public const string MonitoredRow = "ours, monitored";

    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private IBackgroundTaskQueue _queue = null!;
    private TaskProcessor _processor = null!;

    public override Task StartAsync()
    {
        var options = new TaskQueueOptions { Capacity = QueueCommand.Capacity, Workers = 1 };
        var bounded = new BoundedTaskQueue(options);
        _queue = monitor is null ? bounded : bounded.WithMonitoring(monitor);
        _processor = new TaskProcessor(_queue, options, _services.GetRequiredService<IServiceScopeFactory>(), monitor);
        return _processor.StartAsync(CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        await _processor.StopAsync(CancellationToken.None);
        _processor.Dispose();
        (_queue as IDisposable)?.Dispose();
        await _services.DisposeAsync();
    }

    protected override async Task EnqueueBatchAsync()
    {
        Func<CancellationToken, ValueTask> work = DoNothing;
        for (var i = 0; i < Batch; i++)
        {
            await _queue.QueueBackgroundWorkItemAsync(work);
        }
    }
}
