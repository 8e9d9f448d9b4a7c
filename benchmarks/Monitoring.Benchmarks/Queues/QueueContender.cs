namespace Monitoring.Benchmarks.Queues;

/// <summary>One row: a way from "enqueue this" to "it is done", with one producer.</summary>
internal abstract class QueueContender(string name, int batch) : IAsyncDisposable
{
    private TaskCompletionSource _allDone = new();
    private int _left;

    public string Name { get; } = name;

    /// <summary>Tasks between two looks at the clock.</summary>
    public int Batch { get; } = batch;

    /// <summary>Starts whatever runs the tasks.</summary>
    public virtual Task StartAsync() => Task.CompletedTask;

    /// <summary>Enqueues as many no-op tasks as are in a batch, and waits until the last of them is done.</summary>
    public async Task PassAsync()
    {
        _allDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _left = Batch;
        await EnqueueBatchAsync();
        await _allDone.Task;
    }

    public abstract ValueTask DisposeAsync();

    protected abstract Task EnqueueBatchAsync();

    /// <summary>The task of those with one worker, where one thread at a time counts.</summary>
    protected ValueTask DoNothing(CancellationToken cancellationToken)
    {
        if (--_left == 0)
        {
            _allDone.SetResult();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The task of those with several workers.</summary>
    protected void DoNothingInParallel()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _allDone.SetResult();
        }
    }
}
