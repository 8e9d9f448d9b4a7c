namespace Pipelines.Sockets.Unofficial;

/// <summary>Why a connection ended: the first reason stands. The client compares the values, so they are fixed.</summary>
public enum PipeShutdownKind
{
    /// <summary>It has not ended.</summary>
    None = 0,

    /// <summary>The peer closed its side.</summary>
    EndOfStream = 100,

    /// <summary>Receiving failed.</summary>
    ReceiveFailed = 110,

    /// <summary>Sending failed.</summary>
    SendFailed = 120,

    /// <summary>The connection was disposed.</summary>
    Disposed = 200,

    /// <summary>The client said goodbye in its protocol and expects the peer to close.</summary>
    ProtocolExitClient = 400,
}
