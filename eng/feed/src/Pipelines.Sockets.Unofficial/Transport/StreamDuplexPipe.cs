using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial.Transport;

/// <summary>A stream's two pipes.</summary>
internal sealed class StreamDuplexPipe(Pump pump, string? name) : IMeasuredDuplexPipe, IDisposable
{
    public PipeReader Input => pump.Input;

    public PipeWriter Output => pump.Output;

    public long TotalBytesSent => pump.BytesSent;

    public long TotalBytesReceived => pump.BytesReceived;

    public void Start() => pump.Start();

    public void Dispose() => pump.Stop();

    public override string ToString() => name ?? nameof(StreamDuplexPipe);
}
