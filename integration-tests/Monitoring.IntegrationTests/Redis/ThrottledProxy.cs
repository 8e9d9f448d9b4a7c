using System.Net;
using System.Net.Sockets;

namespace Monitoring.IntegrationTests.Redis;

/// <summary>A network that carries what a server says at 800 KB a second; what it is told goes through at once.</summary>
internal sealed class ThrottledProxy : IAsyncDisposable
{
    private const int Portion = 16 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _serverPort;
    private readonly Task _accepting;

    public ThrottledProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string EndPoint => _listener.LocalEndpoint.ToString()!;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stopping.Token);
                var asking = client.GetStream().CopyToAsync(server.GetStream(), _stopping.Token);
                await Task.WhenAny(asking, AnswerAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // Either side closed, or the test is over.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var portion = new byte[Portion];
        int length;
        while ((length = await server.ReadAsync(portion, _stopping.Token)) > 0)
        {
            await client.WriteAsync(portion.AsMemory(0, length), _stopping.Token);
            if (length == Portion)
            {
                await Task.Delay(Pause, _stopping.Token);
            }
        }
    }
}
