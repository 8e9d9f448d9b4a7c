using System.IO.Pipelines;
using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial.Transport;

/// <summary>
/// Moves bytes between a transport and two pipes, one loop in each direction, and remembers why it stopped.
/// </summary>
/// <remarks>
/// The receive pipe's reader runs inline: the parser works on the thread that received, instead of being handed to
/// another one for every packet. The send pipe keeps the caller's scheduler, so that a flush does not make the flushing
/// thread do the system call, and what others write meanwhile goes out with the next one.
/// </remarks>
internal sealed class Pump
{
    private const int SmallestReceive = 2 * 1024;
    private const int LargestReceive = 128 * 1024;

    private readonly ITransport _transport;
    private readonly PipeReader _toSend;
    private readonly PipeWriter _received;
    private readonly MeasuredReader _input;
    private readonly MeasuredWriter _output;

    // Each is written by one loop and read by anybody.
    private long _bytesSent;
    private long _bytesReceived;
    private int _lastReceived;

    private int _shutdownKind;
    private int _socketError;

    public Pump(ITransport transport, PipeOptions? sendOptions, PipeOptions? receiveOptions)
    {
        _transport = transport;
        var send = new Pipe(sendOptions ?? PipeOptions.Default);
        var receive = new Pipe(WithInlineReader(receiveOptions ?? PipeOptions.Default));
        _toSend = send.Reader;
        _received = receive.Writer;
        _input = new MeasuredReader(receive.Reader);
        _output = new MeasuredWriter(send.Writer, send.Reader);
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public long BytesSent => Volatile.Read(ref _bytesSent);

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public int LastReceived => Volatile.Read(ref _lastReceived);

    // Two counters that move independently: the difference is right once both stand still, and never negative.
    public long BytesWaitingToBeSent => Math.Max(0, _output.Written - BytesSent);

    public long BytesWaitingToBeRead => Math.Max(0, BytesReceived - _input.Consumed);

    public PipeShutdownKind ShutdownKind => (PipeShutdownKind)Volatile.Read(ref _shutdownKind);

    public SocketError SocketError => (SocketError)Volatile.Read(ref _socketError);

    /// <summary>The first reason stands; later ones are its echo.</summary>
    public bool TrySetShutdown(PipeShutdownKind kind)
        => Interlocked.CompareExchange(ref _shutdownKind, (int)kind, (int)PipeShutdownKind.None) == (int)PipeShutdownKind.None;

    public void Start()
    {
        // The loops outlive the request that happened to open the connection; they must not carry its ambient state.
        var mayFlow = !ExecutionContext.IsFlowSuppressed();
        if (mayFlow)
            ExecutionContext.SuppressFlow();
        try
        {
            // Neither loop throws; each ends by completing its end of a pipe, which is how the client hears of it.
            _ = ReceiveUntilClosedAsync();
            _ = SendUntilClosedAsync();
        }
        finally
        {
            if (mayFlow)
                ExecutionContext.RestoreFlow();
        }
    }

    /// <summary>Ends both loops. Idempotent; safe beside a parser or a writer that is still at work.</summary>
    public void Stop()
    {
        TrySetShutdown(PipeShutdownKind.Disposed);
        _input.Complete();
        _output.Complete();
        _transport.Close();
    }

    private static PipeOptions WithInlineReader(PipeOptions asked) => new(
        asked.Pool,
        PipeScheduler.Inline,
        asked.WriterScheduler,
        asked.PauseWriterThreshold,
        asked.ResumeWriterThreshold,
        asked.MinimumSegmentSize,
        useSynchronizationContext: false);

    private async Task ReceiveUntilClosedAsync()
    {
        Exception? failure = null;
        try
        {
            var want = SmallestReceive;
            while (!_input.IsCompleted)
            {
                var buffer = _received.GetMemory(want);
                var count = await _transport.ReceiveAsync(buffer).ConfigureAwait(false);
                Volatile.Write(ref _lastReceived, count);
                if (count <= 0)
                {
                    TrySetShutdown(PipeShutdownKind.EndOfStream);
                    break;
                }

                Volatile.Write(ref _bytesReceived, _bytesReceived + count);
                want = NextReceive(want, count, buffer.Length);
                _received.Advance(count);
                var flushed = await _received.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted)
                    break;
            }
        }
        catch (Exception e)
        {
            failure = Describe(e, PipeShutdownKind.ReceiveFailed);
        }

        await _received.CompleteAsync(failure).ConfigureAwait(false);
    }

    // A receive that fills its buffer is one of many for a large value: fewer, larger ones make the parser look at
    // the unfinished value less often. Small again as soon as the traffic is.
    private static int NextReceive(int want, int count, int length)
    {
        if (count == length)
            return Math.Min(Math.Max(want, length) * 2, LargestReceive);
        return count < want / 4 ? Math.Max(want / 2, SmallestReceive) : want;
    }

    private async Task SendUntilClosedAsync()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var read = await _toSend.ReadAsync().ConfigureAwait(false);
                var unsent = read.Buffer;
                while (!unsent.IsEmpty)
                {
                    var count = await _transport.SendAsync(unsent).ConfigureAwait(false);
                    Volatile.Write(ref _bytesSent, _bytesSent + count);
                    unsent = unsent.Slice(count);
                }

                _toSend.AdvanceTo(unsent.End);
                if (read.IsCompleted || _output.IsCompleted)
                    break;
            }
        }
        catch (Exception e)
        {
            failure = Describe(e, PipeShutdownKind.SendFailed);

            // The client's flush lets only this type through as a failed connection.
            if (failure is not ConnectionResetException)
                failure = new ConnectionResetException(failure.Message, failure);
        }

        // Frees a flush that waits for room. No memory goes back to the pool: the writer's end never completes.
        await _toSend.CompleteAsync(failure).ConfigureAwait(false);
    }

    private Exception Describe(Exception failure, PipeShutdownKind kind)
    {
        var first = TrySetShutdown(kind);
        if (failure is not (SocketException or IOException))
            return failure;

        // A TLS stream wraps what the socket said.
        var said = failure as SocketException ?? failure.InnerException as SocketException;
        if (first)
            Volatile.Write(ref _socketError, (int)(said?.SocketErrorCode ?? SocketError.SocketError));
        return new ConnectionResetException($"The connection broke: {failure.Message}", failure);
    }
}
