using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial.Transport;

/// <summary>
/// The client's end of the receive pipe: counts what is consumed, and completes without giving memory back.
/// </summary>
/// <remarks>
/// The client completes the reader from whichever thread notices a failure, while its parser may be in the middle of a
/// buffer. Completing the pipe would return that buffer to the shared pool and the parser would read another
/// connection's bytes. So completing only closes the door; a closed connection's last segments go to the collector.
/// </remarks>
internal sealed class MeasuredReader(PipeReader inner) : PipeReader
{
    private ReadOnlySequence<byte> _outstanding;
    private long _consumed;
    private volatile bool _completed;

    /// <summary>Bytes that the client has done with. Any thread.</summary>
    public long Consumed => Volatile.Read(ref _consumed);

    /// <summary>Whether the client wants no more. Any thread.</summary>
    public bool IsCompleted => _completed;

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (!inner.TryRead(out result))
            return false;
        _outstanding = result.Buffer;
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        var pending = inner.ReadAsync(cancellationToken);
        if (!pending.IsCompletedSuccessfully)
            return Remember(pending);
        var result = pending.Result;
        _outstanding = result.Buffer;
        return new ValueTask<ReadResult>(result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Volatile.Write(ref _consumed, _consumed + _outstanding.Slice(_outstanding.Start, consumed).Length);
        _outstanding = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _completed = true;
        inner.CancelPendingRead();
    }

    // Runs once for each receive; pooled, so that it allocates nothing.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> Remember(ValueTask<ReadResult> pending)
    {
        var result = await pending.ConfigureAwait(false);
        _outstanding = result.Buffer;
        return result;
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
            throw new InvalidOperationException("The connection's input has been completed.");
    }
}
