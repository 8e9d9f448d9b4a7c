using System.IO.Pipelines;
using System.Net.Sockets;
using Pipelines.Sockets.Unofficial.Transport;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A connected socket as a duplex pipe. Members may be called from any thread.</summary>
public sealed class SocketConnection : IMeasuredDuplexPipe, IDisposable
{
    private readonly Socket _socket;
    private readonly Pump _pump;
    private readonly string? _name;

    private SocketConnection(Socket socket, PipeOptions? sendOptions, PipeOptions? receiveOptions, string? name)
    {
        _socket = socket;
        _pump = new Pump(new SocketTransport(socket), sendOptions, receiveOptions);
        _name = name;
    }

    /// <inheritdoc/>
    public PipeReader Input => _pump.Input;

    /// <inheritdoc/>
    public PipeWriter Output => _pump.Output;

    /// <summary>Bytes that have come from the socket.</summary>
    public long BytesRead => _pump.BytesReceived;

    /// <summary>Bytes that have been handed to the socket.</summary>
    public long BytesSent => _pump.BytesSent;

    /// <summary>The size of the last receive in bytes; 0 once the peer has closed.</summary>
    public int LastReceived => _pump.LastReceived;

    /// <summary>Why the connection ended.</summary>
    public PipeShutdownKind ShutdownKind => _pump.ShutdownKind;

    /// <summary>What the socket said when it failed; otherwise success.</summary>
    public SocketError SocketError => _pump.SocketError;

    long IMeasuredDuplexPipe.TotalBytesSent => _pump.BytesSent;

    long IMeasuredDuplexPipe.TotalBytesReceived => _pump.BytesReceived;

    /// <summary>Starts to pump bytes.</summary>
    /// <param name="socket">Connected; belongs to the connection from now on.</param>
    /// <param name="sendPipeOptions">For the pipe that is written to.</param>
    /// <param name="receivePipeOptions">For the pipe that is read from, but for its reader's scheduler, which is inline.</param>
    /// <param name="connectionOptions">Ignored.</param>
    /// <param name="name">For <see cref="ToString"/>.</param>
    public static SocketConnection Create(
        Socket socket,
        PipeOptions? sendPipeOptions = null,
        PipeOptions? receivePipeOptions = null,
        SocketConnectionOptions connectionOptions = SocketConnectionOptions.None,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var connection = new SocketConnection(socket, sendPipeOptions, receivePipeOptions, name);
        connection._pump.Start();
        return connection;
    }

    /// <summary>Checks that what this assembly needs can be loaded; on .NET 10 it is part of the runtime.</summary>
    public static void AssertDependencies()
    {
    }

    /// <summary>Sends small packets at once, where the socket knows such a thing.</summary>
    /// <param name="socket">The socket, connected or not.</param>
    public static void SetRecommendedClientOptions(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.ProtocolType != ProtocolType.Tcp)
            return;
        try
        {
            socket.NoDelay = true;
        }
        catch (SocketException)
        {
            // A recommendation: without it the connection is slower and works.
        }
    }

    /// <summary>Records why the protocol on top is about to end the connection.</summary>
    /// <param name="kind">The reason.</param>
    /// <returns>Whether it is the first reason given.</returns>
    public bool TrySetProtocolShutdown(PipeShutdownKind kind) => _pump.TrySetShutdown(kind);

    /// <summary>What is under way. The numbers are read one after another and need not belong to one moment.</summary>
    public Counters GetCounters() => new(Available(), _pump.BytesWaitingToBeRead, _pump.BytesWaitingToBeSent);

    /// <summary>Closes the socket and ends both directions. Idempotent.</summary>
    public void Dispose() => _pump.Stop();

    /// <inheritdoc/>
    public override string ToString() => _name ?? nameof(SocketConnection);

    private long Available()
    {
        try
        {
            return _socket.Available;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Bytes on their way through a connection.</summary>
    public readonly record struct Counters
    {
        internal Counters(long onSocket, long toBeRead, long toBeSent)
        {
            BytesAvailableOnSocket = onSocket;
            BytesWaitingToBeRead = toBeRead;
            BytesWaitingToBeSent = toBeSent;
        }

        /// <summary>Received by the system, not yet by us.</summary>
        public long BytesAvailableOnSocket { get; }

        /// <summary>Received by us, not yet consumed by the client.</summary>
        public long BytesWaitingToBeRead { get; }

        /// <summary>Written by the client, not yet taken by the system.</summary>
        public long BytesWaitingToBeSent { get; }
    }
}
