using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial.Transport;

/// <summary>
/// The client's end of the send pipe: counts what is written, and completes without giving memory back.
/// </summary>
/// <remarks>
/// As with the reader: whoever completes need not be the one who writes, and between <see cref="GetSpan"/> and
/// <see cref="Advance"/> the writer owns memory that must not go back to a shared pool.
/// </remarks>
internal sealed class MeasuredWriter(PipeWriter inner, PipeReader otherEnd) : PipeWriter
{
    private long _written;
    private volatile bool _completed;

    /// <summary>Bytes that the client has written, flushed or not. Any thread.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Whether the client has nothing more to send. Any thread.</summary>
    public bool IsCompleted => _completed;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        inner.Advance(bytes);
        Volatile.Write(ref _written, _written + bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        _completed = true;
        otherEnd.CancelPendingRead();
    }
}
