using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pipelines.Sockets.Unofficial.Transport;

/// <summary>Bytes over a socket.</summary>
internal sealed class SocketTransport(Socket socket) : ITransport
{
    // Well below any system's limit for one gathered write.
    private const int MostSegments = 128;

    private readonly List<ArraySegment<byte>> _gathered = [];

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public ValueTask<long> SendAsync(ReadOnlySequence<byte> data)
    {
        var first = data.First;
        if (!data.IsSingleSegment)
        {
            // One system call for many small segments. Memory that is not an array goes out one segment at a time.
            first = Gather(data);
            if (_gathered.Count > 1)
                return SendGatheredAsync();
        }

        var sending = socket.SendAsync(first, SocketFlags.None);
        return sending.IsCompletedSuccessfully ? new ValueTask<long>(sending.Result) : Widen(sending);
    }

    public void Close()
    {
        try
        {
            // Wakes a pending receive with the end of the stream before the handle goes away.
            if (socket.Connected)
                socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer or the owner was faster: the socket is as shut as it should be.
        }

        socket.Dispose();
    }

    private static async ValueTask<long> Widen(ValueTask<int> sending) => await sending.ConfigureAwait(false);

    // Returns the first segment that has something in it; a sequence may begin with an empty one.
    private ReadOnlyMemory<byte> Gather(ReadOnlySequence<byte> data)
    {
        _gathered.Clear();
        ReadOnlyMemory<byte> first = default;
        foreach (var segment in data)
        {
            if (segment.IsEmpty)
                continue;
            if (first.IsEmpty)
                first = segment;
            if (_gathered.Count == MostSegments || !MemoryMarshal.TryGetArray(segment, out var array))
                break;
            _gathered.Add(array);
        }

        return first;
    }

    private async ValueTask<long> SendGatheredAsync()
    {
        try
        {
            return await socket.SendAsync(_gathered, SocketFlags.None).ConfigureAwait(false);
        }
        finally
        {
            _gathered.Clear();
        }
    }
}
