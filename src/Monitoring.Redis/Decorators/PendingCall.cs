using System.Collections.Concurrent;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// Completes the caller's task when the inner task does, having recorded the outcome first. Pooled, with a cached
/// delegate: a pending call costs the caller's task and nothing else.
/// </summary>
/// <remarks>
/// The inner task is handed to nobody else. Its completion is ours alone and runs inline; were it shared with the caller,
/// .NET would run one continuation inline and throw the other onto the thread pool, and the latency would be wrong.
/// </remarks>
internal sealed class PendingCall<T>
{
    // Bounds what an outburst leaves behind; calls beyond it are garbage, not lost.
    private const int SharedLimit = 1024;
    private static readonly ConcurrentQueue<PendingCall<T>> Shared = new();
    private static int SharedCount;

    [ThreadStatic]
    private static PendingCall<T>? Own;

    private readonly Action _completed;

    // Written by the caller before the inner task can complete, read by the thread that completes it.
    private RedisFunnel? _funnel;
    private StartedCall _started;
    private Task? _inner;
    private Promise<T> _promise;

    private PendingCall() => _completed = Complete;

    /// <summary>How many wait in the shared pool to be used again.</summary>
    public static int Pooled => Volatile.Read(ref SharedCount);

    /// <summary>The task to return instead of <paramref name="inner"/>. Allocates that task only.</summary>
    public static Task<T> Watch(RedisFunnel funnel, in StartedCall started, Task inner, object? asyncState)
    {
        var call = Rent();
        call._funnel = funnel;
        call._started = started;
        call._inner = inner;
        call._promise = new Promise<T>(asyncState);

        // Once subscribed the call may already serve somebody else: take the task first.
        var task = call._promise.Task;
        if (inner.IsCompleted)
        {
            call.Complete();
        }
        else
        {
            inner.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(call._completed);
        }

        return task;
    }

    private void Complete()
    {
        var (funnel, started, inner, promise) = (_funnel!, _started, _inner!, _promise);
        (_funnel, _started, _inner, _promise) = (null, default, null, default);
        Return(this);

        if (funnel.Completed<T>(in started, inner) is { } refusal)
        {
            promise.Fail(refusal);
        }
        else
        {
            promise.CompleteFrom(inner);
        }
    }

    private static PendingCall<T> Rent()
    {
        if (Own is { } own)
        {
            Own = null;
            return own;
        }

        if (Shared.TryDequeue(out var call))
        {
            Interlocked.Decrement(ref SharedCount);
            return call;
        }

        return new PendingCall<T>();
    }

    private static void Return(PendingCall<T> call)
    {
        if (Own is null)
        {
            Own = call;
        }
        else if (Volatile.Read(ref SharedCount) < SharedLimit)
        {
            Interlocked.Increment(ref SharedCount);
            Shared.Enqueue(call);
        }
    }
}
