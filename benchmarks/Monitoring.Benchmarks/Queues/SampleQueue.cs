using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Monitoring.Benchmarks.Queues;

/// <summary>
/// The "Queued background tasks" of Microsoft's documentation (Create a Queue Service; Background tasks with hosted
/// services): the same classes around the same channel, one item after another, what it throws logged. Written anew.
/// </summary>
internal sealed class SampleQueue() : QueueContender("Microsoft's documented sample", QueueCommand.FastBatch)
{
    private readonly DefaultBackgroundTaskQueue _queue = new(QueueCommand.Capacity);
    private QueuedHostedService? _service;

    private interface IBackgroundTaskQueue
    {
        ValueTask QueueBackgroundWorkItemAsync(Func<CancellationToken, ValueTask> workItem);

        ValueTask<Func<CancellationToken, ValueTask>> DequeueAsync(CancellationToken cancellationToken);
    }

    public override Task StartAsync()
    {
        _service = new QueuedHostedService(_queue, NullLogger<QueuedHostedService>.Instance);
        return _service.StartAsync(CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        await _service!.StopAsync(CancellationToken.None);
        _service.Dispose();
    }

    protected override async Task EnqueueBatchAsync()
    {
        Func<CancellationToken, ValueTask> work = DoNothing;
        for (var i = 0; i < Batch; i++)
        {
            await _queue.QueueBackgroundWorkItemAsync(work);
        }
    }

    private sealed class DefaultBackgroundTaskQueue(int capacity) : IBackgroundTaskQueue
    {
        private readonly Channel<Func<CancellationToken, ValueTask>> _queue =
            Channel.CreateBounded<Func<CancellationToken, ValueTask>>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait });

        public async ValueTask QueueBackgroundWorkItemAsync(Func<CancellationToken, ValueTask> workItem)
        {
            ArgumentNullException.ThrowIfNull(workItem);
            await _queue.Writer.WriteAsync(workItem);
        }

        public async ValueTask<Func<CancellationToken, ValueTask>> DequeueAsync(CancellationToken cancellationToken) =>
            await _queue.Reader.ReadAsync(cancellationToken);
    }

    private sealed class QueuedHostedService(IBackgroundTaskQueue taskQueue, ILogger<QueuedHostedService> logger) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => ProcessTaskQueueAsync(stoppingToken), CancellationToken.None);

        private async Task ProcessTaskQueueAsync(CancellationToken stoppingToken)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    var workItem = await taskQueue.DequeueAsync(stoppingToken);
                    await workItem(stoppingToken);
                }
                catch (OperationCanceledException)
                {
                    // Prevent throwing if the token was signaled.
                }
                catch (Exception exception)
                {
                    logger.LogError(exception, "Error occurred executing task work item.");
                }
            }
        }
    }
}
