using System.IO.Pipelines;
using Pipelines.Sockets.Unofficial.Transport;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Streams as pipes.</summary>
public static class StreamConnection
{
    /// <summary>A stream, such as TLS, as a duplex pipe that counts its bytes and closes the stream when disposed.</summary>
    /// <param name="stream">Readable and writable; belongs to the pipe from now on.</param>
    /// <param name="sendPipeOptions">For the pipe that is written to.</param>
    /// <param name="receivePipeOptions">For the pipe that is read from, but for its reader's scheduler, which is inline.</param>
    /// <param name="name">For the pipe's text.</param>
    public static IDuplexPipe GetDuplex(
        Stream stream,
        PipeOptions? sendPipeOptions = null,
        PipeOptions? receivePipeOptions = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var duplex = new StreamDuplexPipe(new Pump(new StreamTransport(stream), sendPipeOptions, receivePipeOptions), name);
        duplex.Start();
        return duplex;
    }

    /// <summary>A stream to be read as a pipe.</summary>
    /// <param name="stream">Readable; stays the caller's.</param>
    /// <param name="pipeOptions">Pool and segment size are used.</param>
    /// <param name="name">Ignored.</param>
    public static PipeReader GetReader(Stream stream, PipeOptions? pipeOptions = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var options = pipeOptions ?? PipeOptions.Default;
        return PipeReader.Create(stream, new StreamPipeReaderOptions(options.Pool, options.MinimumSegmentSize, leaveOpen: true));
    }
}
