using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.TaskQueues;

namespace Monitoring.Benchmarks;

/// <summary>
/// From enqueue to the end of a no-op task: one producer and one worker pass 200,000 delegates through a thousand places.
/// The channel is that of Microsoft's "Queued background tasks" sample; it carries the bare delegate, ours a task object
/// with priority, timeout and retries. Budgets: monitored at least 0.4 × the channel's throughput and 0.85 × unmonitored.
/// </summary>
[MemoryDiagnoser]
public class TaskQueueBenchmarks
{
    private const int Tasks = 200_000;
    private const int Capacity = 1000;

    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly Channel<Func<CancellationToken, ValueTask>> _channel = Channel.CreateBounded<Func<CancellationToken, ValueTask>>(Capacity);
    private Func<CancellationToken, ValueTask> _work = null!;
    private Task _reader = Task.CompletedTask;
    private PerformanceMonitor? _monitor;
    private IBackgroundTaskQueue _queue = null!;
    private TaskProcessor? _processor;
    private TaskCompletionSource _allDone = null!;
    private int _done;

    [GlobalSetup(Target = nameof(BareBoundedChannel))]
    public void SetupChannel()
    {
        _work = CountDown;
        _reader = Task.Run(async () =>
        {
            await foreach (var work in _channel.Reader.ReadAllAsync())
            {
                await work(CancellationToken.None);
            }
        });
    }

    [GlobalSetup(Target = nameof(Unmonitored))]
    public Task SetupUnmonitored() => StartAsync(new BoundedTaskQueue(Options()));

    [GlobalSetup(Target = nameof(Monitored))]
    public Task SetupMonitored()
    {
        _monitor = PerformanceMonitor.Create();
        return StartAsync(new BoundedTaskQueue(Options()).WithMonitoring(_monitor));
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        _channel.Writer.TryComplete();
        await _reader;
        if (_processor is not null)
        {
            await _processor.StopAsync(CancellationToken.None);
            _processor.Dispose();
        }

        _monitor?.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Tasks)]
    public async Task BareBoundedChannel()
    {
        Begin();
        for (var i = 0; i < Tasks; i++)
        {
            await _channel.Writer.WriteAsync(_work);
        }

        await _allDone.Task;
    }

    [Benchmark(OperationsPerInvoke = Tasks)]
    public Task Unmonitored() => RunAsync();

    [Benchmark(OperationsPerInvoke = Tasks)]
    public Task Monitored() => RunAsync();

    private static TaskQueueOptions Options() => new() { Capacity = Capacity, Workers = 1 };

    private async Task StartAsync(IBackgroundTaskQueue queue)
    {
        _work = CountDown;
        _queue = queue;
        _processor = new TaskProcessor(queue, Options(), _services.GetRequiredService<IServiceScopeFactory>(), _monitor);
        await _processor.StartAsync(CancellationToken.None);
    }

    private async Task RunAsync()
    {
        Begin();
        for (var i = 0; i < Tasks; i++)
        {
            await _queue.QueueBackgroundWorkItemAsync(_work);
        }

        await _allDone.Task;
    }

    private void Begin()
    {
        _done = 0;
        _allDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private ValueTask CountDown(CancellationToken cancellationToken)
    {
        // One worker, so one thread at a time.
        if (++_done == Tasks)
        {
            _allDone.SetResult();
        }

        return ValueTask.CompletedTask;
    }
}
