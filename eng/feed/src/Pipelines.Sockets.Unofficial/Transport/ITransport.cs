using System.Buffers;

namespace Pipelines.Sockets.Unofficial.Transport;

/// <summary>What bytes go over. One send and one receive may run at a time, beside each other.</summary>
internal interface ITransport
{
    /// <summary>Receives at least one byte; 0 at the end of the stream.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends a part of <paramref name="data"/>, at least one byte, and returns how much.</summary>
    ValueTask<long> SendAsync(ReadOnlySequence<byte> data);

    /// <summary>Ends both directions and frees what they hold; pending calls fail. Idempotent, never throws.</summary>
    void Close();
}
