using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A duplex pipe that counts its bytes. Safe to read from any thread.</summary>
public interface IMeasuredDuplexPipe : IDuplexPipe
{
    /// <summary>Bytes that have been handed to the network.</summary>
    long TotalBytesSent { get; }

    /// <summary>Bytes that have come from the network.</summary>
    long TotalBytesReceived { get; }
}
