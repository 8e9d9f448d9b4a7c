using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Monitoring.TestSupport;

/// <summary>
/// A proxy on loopback that makes the way to a server as long and as narrow as a test wants: a delay for each direction
/// and, for what comes from the server, a bandwidth for each connection. All can be changed at run time.
/// </summary>
public sealed class DelayingProxy : IAsyncDisposable
{
    private const int ChunkBytes = 16 * 1024;

    // What is under way in one direction of one connection at most, as a network holds little too: 4 MB.
    private const int ChunksUnderWay = 256;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<Task> _running = [];

    public DelayingProxy(int serverPort)
    {
        _server = new IPEndPoint(IPAddress.Loopback, serverPort);
        _listener.Start();
        Run(AcceptAsync());
    }

    public string EndPoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>How much later bytes for the server arrive.</summary>
    public TimeSpan DelayToServer { get; set; }

    /// <summary>How much later bytes from the server arrive.</summary>
    public TimeSpan DelayFromServer { get; set; }

    /// <summary>Bytes a second from the server, for each connection; zero for no limit.</summary>
    public long BytesPerSecondFromServer { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
        _stopping.Dispose();
    }

    private void Run(Task task)
    {
        lock (_lock)
        {
            _running.Add(task);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Run(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(_server, _stopping.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                var there = CopyAsync(client, server, () => DelayToServer, () => 0, ended.Token);
                var back = CopyAsync(server, client, () => DelayFromServer, () => BytesPerSecondFromServer, ended.Token);
                await Task.WhenAny(there, back);
                await ended.CancelAsync();
                await Task.WhenAll(there, back);
            }
            catch (Exception exception) when (IsEnd(exception))
            {
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, Func<TimeSpan> delay, Func<long> bytesPerSecond, CancellationToken token)
    {
        var underWay = Channel.CreateBounded<(byte[] Bytes, long ArrivedAt)>(ChunksUnderWay);
        var delivering = DeliverAsync(underWay.Reader, to, delay, bytesPerSecond, token);
        try
        {
            while (true)
            {
                var buffer = new byte[ChunkBytes];
                var count = await from.ReceiveAsync(buffer, token);
                if (count == 0)
                {
                    break;
                }

                await underWay.Writer.WriteAsync((buffer[..count], Stopwatch.GetTimestamp()), token);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
        }

        underWay.Writer.Complete();
        await delivering;
    }

    private static async Task DeliverAsync(
        ChannelReader<(byte[] Bytes, long ArrivedAt)> underWay, Socket to, Func<TimeSpan> delay, Func<long> bytesPerSecond, CancellationToken token)
    {
        try
        {
            var lineFreeAt = Stopwatch.GetTimestamp();
            await foreach (var (bytes, arrivedAt) in underWay.ReadAllAsync(token))
            {
                var due = arrivedAt + Ticks(delay());
                if (bytesPerSecond() is > 0 and var rate)
                {
                    lineFreeAt = Math.Max(lineFreeAt, arrivedAt) + Ticks(TimeSpan.FromSeconds((double)bytes.Length / rate));
                    due = Math.Max(due, lineFreeAt + Ticks(delay()));
                }

                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, token);
                }

                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent), token);
                }
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
        }
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static bool IsEnd(Exception exception) => exception is OperationCanceledException or SocketException or ObjectDisposedException or ChannelClosedException;
}
