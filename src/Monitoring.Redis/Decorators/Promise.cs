using System.Runtime.CompilerServices;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// The task that a caller gets in place of the inner one, completed by hand. Without an asyncState it is made by the
/// method builder, which saves the 24 B of a TaskCompletionSource; with one it needs that. Continuations run inline on
/// the thread that completes it, as they would have run on the inner task.
/// </summary>
/// <remarks>Mutable: keep it in a field, and do not copy it before <see cref="Task"/> was read.</remarks>
internal struct Promise<T>
{
    private readonly TaskCompletionSource<T>? _source;
    private AsyncTaskMethodBuilder<T> _builder;

    public Promise(object? asyncState)
    {
        if (asyncState is not null)
        {
            _source = new TaskCompletionSource<T>(asyncState);
        }
    }

    public Task<T> Task => _source?.Task ?? _builder.Task;

    /// <summary>Ends as <paramref name="completed"/> ended: same result, same exception, same cancellation.</summary>
    public void CompleteFrom(Task completed)
    {
        if (completed.IsCompletedSuccessfully)
        {
            SetResult(completed is Task<T> typed ? typed.GetAwaiter().GetResult() : default!);
        }
        else if (completed.IsFaulted)
        {
            Fail(completed.Exception.InnerException!);
        }
        else
        {
            Cancel(completed);
        }
    }

    public void Fail(Exception exception)
    {
        if (_source is not null)
        {
            _source.SetException(exception);
        }
        else
        {
            _builder.SetException(exception);
        }

        // The client observes its own exceptions; a caller that drops a task must not meet ours in UnobservedTaskException.
        _ = Task.Exception;
    }

    private void SetResult(T result)
    {
        if (_source is not null)
        {
            _source.SetResult(result);
        }
        else
        {
            _builder.SetResult(result);
        }
    }

    private readonly void Cancel(Task canceled)
    {
        var cancellation = new TaskCanceledException(canceled);
        if (_source is not null)
        {
            _source.SetCanceled(cancellation.CancellationToken);
        }
        else
        {
            var builder = _builder;
            builder.SetException(cancellation);
        }
    }
}
