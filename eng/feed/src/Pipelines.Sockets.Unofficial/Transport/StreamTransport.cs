using System.Buffers;

namespace Pipelines.Sockets.Unofficial.Transport;

/// <summary>Bytes over a stream, such as TLS.</summary>
internal sealed class StreamTransport(Stream stream) : ITransport
{
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    public async ValueTask<long> SendAsync(ReadOnlySequence<byte> data)
    {
        foreach (var segment in data)
            await stream.WriteAsync(segment).ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
        return data.Length;
    }

    public void Close()
    {
        try
        {
            stream.Dispose();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or NotSupportedException)
        {
            // A TLS stream may complain of a write that is still under way. The connection is going anyway.
        }
    }
}
