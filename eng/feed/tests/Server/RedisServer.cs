using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StandIns.Tests.Server;

/// <summary>A redis-server of the test's own, on a free loopback port, ended by its process id.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly string[] _arguments;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("standins-");
    private Process _process;

    private RedisServer(int port, string[] arguments)
    {
        Port = port;
        _arguments = arguments;
        _process = Launch();
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = new RedisServer(FreePort(), arguments);
            try
            {
                await server.UntilItAnswersAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Somebody else took the port between our asking and the server's binding.
                await server.DisposeAsync();
            }
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Freezes the process: its sockets stay open and nothing answers.</summary>
    public void Freeze() => Signal.Send(_process.Id, Signal.Stop);

    public void Thaw() => Signal.Send(_process.Id, Signal.Continue);

    /// <summary>Ends the process at once, without a word to its clients.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Launch();
        await UntilItAnswersAsync();
    }

    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        Kill();
        _process.Dispose();
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private void KillAtExit(object? sender, EventArgs e) => Kill();

    private Process Launch()
    {
        string[] own =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _directory.FullName,
            "--save", string.Empty, "--appendonly", "no", "--logfile", Path.Combine(_directory.FullName, "log"),
        ];
        try
        {
            return Process.Start(new ProcessStartInfo("redis-server", own.Concat(_arguments)))!;
        }
        catch (Win32Exception e)
        {
            throw new FileNotFoundException("These tests need redis-server on the path (Debian: apt-get install redis-server).", e);
        }
    }

    private async Task UntilItAnswersAsync()
    {
        var since = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || since.Elapsed > StartLimit)
                throw new InvalidOperationException($"redis-server did not start on {Address}: {LastWords()}");
            await Task.Delay(20);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var reply = new byte[5];
            await stream.ReadExactlyAsync(reply);
            return Encoding.ASCII.GetString(reply) == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private string LastWords()
    {
        var log = Path.Combine(_directory.FullName, "log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(5)) : "it left no log";
    }
}
