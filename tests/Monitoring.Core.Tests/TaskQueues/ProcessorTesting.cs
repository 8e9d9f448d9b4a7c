using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.TaskQueues;

/// <summary>A queue with a processor: time on a fake clock, workers on real threads.</summary>
public abstract class ProcessorTesting : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddScoped<Disposable>().BuildServiceProvider();

    protected ProcessorTesting() => Monitor = PerformanceMonitor.Create(timeProvider: Time);

    protected FakeClock Time { get; } = new();

    protected PerformanceMonitor Monitor { get; }

    protected TaskQueueOptions Options { get; } = new() { Workers = 2, Capacity = 100 };

    protected TaskQueueSummary Summary => Monitor.TaskQueue.GetSummary();

    protected BoundedTaskQueue Bounded { get; private set; } = null!;

    protected IBackgroundTaskQueue Queue { get; private set; } = null!;

    protected TaskProcessor Processor { get; private set; } = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (Processor is not null)
        {
            await Processor.StopAsync(new CancellationToken(canceled: true));
            Processor.Dispose();
        }

        Monitor.Dispose();
        await _services.DisposeAsync();
    }

    /// <summary>Starts a processor of the in-process queue, or of <paramref name="queue"/>.</summary>
    protected async Task StartAsync(IBackgroundTaskQueue? queue = null, ILogger<TaskProcessor>? logger = null)
    {
        Bounded = new BoundedTaskQueue(Options, Time);
        Queue = (queue ?? Bounded).WithMonitoring(Monitor);
        Processor = new TaskProcessor(Queue, Options, _services.GetRequiredService<IServiceScopeFactory>(), Monitor, Time, logger);
        await Processor.StartAsync(default);
        await Eventually.HoldsAsync(() => Summary.Workers == Options.Workers);
    }

    /// <summary>Enqueues a task that runs until it is told to end, whatever its token says.</summary>
    protected async Task<Held> HoldAsync(string? typeName = null, TaskPriority priority = TaskPriority.Normal)
    {
        var held = new Held();
        await Queue.EnqueueAsync(BackgroundTask.Create(held.RunAsync, priority, typeName));
        return held;
    }

    /// <summary>Until it holds, with the clock running.</summary>
    protected Task UntilAsync(Func<bool> condition) => Eventually.HoldsAsync(() =>
    {
        Time.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });

    /// <summary>A scoped service of the tasks.</summary>
    protected sealed class Disposable : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    /// <summary>A task in the hands of a test.</summary>
    protected sealed class Held
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _starts;

        public int Starts => Volatile.Read(ref _starts);

        public CancellationToken Token { get; private set; }

        public async ValueTask RunAsync(CancellationToken token)
        {
            Token = token;
            Interlocked.Increment(ref _starts);
            await _end.Task;
        }

        public void Complete() => _end.TrySetResult();

        public void Fail(Exception? exception = null) => _end.TrySetException(exception ?? new IOException("told to"));
    }
}
