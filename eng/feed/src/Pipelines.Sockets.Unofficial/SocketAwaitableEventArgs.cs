using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// One socket operation that can be awaited: its own awaiter, reusable after <see cref="GetResult"/>.
/// </summary>
/// <param name="scheduler">Where the awaiting code goes on; <see langword="null"/> for the thread that completes.</param>
public sealed class SocketAwaitableEventArgs(PipeScheduler? scheduler = null) : SocketAsyncEventArgs, ICriticalNotifyCompletion
{
    // Three states in one field: null (nobody waits, not done), a continuation (somebody waits), Done.
    private static readonly Action Done = static () => { };

    private Action? _continuation;
    private int _abortedWith;

    /// <summary>Whether the operation is over.</summary>
    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), Done);

    /// <summary>This instance.</summary>
    public SocketAwaitableEventArgs GetAwaiter() => this;

    /// <summary>The bytes transferred; makes the instance ready for the next operation.</summary>
    /// <exception cref="SocketException">The operation failed or was aborted.</exception>
    public int GetResult()
    {
        Volatile.Write(ref _continuation, null);

        // An abort wins over a completion that comes after it, and over one that came just before: whoever gave up
        // on a connect has already walked away from the socket, whatever the socket says now. It stays aborted.
        var error = (SocketError)Volatile.Read(ref _abortedWith);
        if (error == SocketError.Success)
            error = SocketError;
        return error == SocketError.Success ? BytesTransferred : throw new SocketException((int)error);
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        // Done between the check of IsCompleted and here: nobody else will call the continuation.
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
            Continue(continuation);
    }

    /// <summary>Ends the wait; for an operation that finished at once and for one that was never begun.</summary>
    public void Complete()
    {
        // The exchange lets only one of completion and abort see the continuation.
        var continuation = Interlocked.Exchange(ref _continuation, Done);
        if (continuation is not null && !ReferenceEquals(continuation, Done))
            Continue(continuation);
    }

    /// <summary>Ends the wait with an error, now and for any later operation.</summary>
    /// <param name="error">What <see cref="GetResult"/> throws.</param>
    public void Abort(SocketError error)
    {
        Volatile.Write(ref _abortedWith, (int)(error == SocketError.Success ? SocketError.OperationAborted : error));
        Complete();
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => Complete();

    private void Continue(Action continuation)
    {
        if (scheduler is null)
            continuation();
        else
            scheduler.Schedule(static state => ((Action)state!)(), continuation);
    }
}
