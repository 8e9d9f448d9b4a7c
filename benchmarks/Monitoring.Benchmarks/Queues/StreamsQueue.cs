using Microsoft.Extensions.DependencyInjection;
using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Benchmarks.Queues;

/// <summary>
/// Our queue on Redis Streams with one worker, against a real server over loopback: each task is written to the server,
/// read from it, and acknowledged, and the producer waits for the server's word before it enqueues the next.
/// </summary>
internal sealed class StreamsQueue(string endPoint, PerformanceMonitor monitor) : QueueContender("ours on Redis Streams, monitored", batch: 1_000)
{
    private ConnectionMultiplexer _connection = null!;
    private RedisTaskQueue _inner = null!;
    private IBackgroundTaskQueue _queue = null!;
    private TaskProcessor _processor = null!;
    private ServiceProvider _services = null!;

    public override async Task StartAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(endPoint);
        _services = new ServiceCollection().AddScoped<ITaskHandler<Nothing>>(_ => new Handler(this)).BuildServiceProvider();
        var options = new RedisTaskQueueOptions { Workers = 1 };
        options.AddMessage<Nothing>("nothing");
        _inner = new RedisTaskQueue("bench", _connection, options);
        _queue = _inner.WithMonitoring(monitor);
        _processor = new TaskProcessor(_queue, options, _services.GetRequiredService<IServiceScopeFactory>(), monitor);
        await _processor.StartAsync(CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        await _processor.StopAsync(CancellationToken.None);
        _processor.Dispose();
        (_queue as IDisposable)?.Dispose();
        await _inner.DisposeAsync();
        await _connection.DisposeAsync();
        await _services.DisposeAsync();
    }

    protected override async Task EnqueueBatchAsync()
    {
        for (var i = 0; i < Batch; i++)
        {
            await _queue.EnqueueAsync(new Nothing());
        }
    }

    private sealed record Nothing;

    private sealed class Handler(StreamsQueue owner) : ITaskHandler<Nothing>
    {
        public ValueTask HandleAsync(Nothing message, TaskContext context, CancellationToken cancellationToken)
        {
            owner.DoNothingInParallel();
            return ValueTask.CompletedTask;
        }
    }
}
