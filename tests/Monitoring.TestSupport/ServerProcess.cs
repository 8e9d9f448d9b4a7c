using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Monitoring.TestSupport;

/// <summary>A server that a test started itself: on loopback, on a free port, stopped by pid.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;
    private const int QuitSignal = 3;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(30);

    private readonly Func<ProcessStartInfo> _command;
    private readonly string _directory;
    private readonly bool _quits;
    private Process _process;

    private ServerProcess(Func<ProcessStartInfo> command, string directory, int port, bool quits)
    {
        _command = command;
        _directory = directory;
        _quits = quits;
        Port = port;
        _process = Launch();
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    public string EndPoint => $"127.0.0.1:{Port}";

    /// <summary>Starts redis-server; fails with what to install when there is none.</summary>
    public static Task<ServerProcess> StartRedisAsync(params string[] arguments)
    {
        var port = FreePort();
        var directory = Directory.CreateTempSubdirectory("monitoring-redis-").FullName;
        return StartAsync("redis-server", "install it with: apt-get install redis-server", directory, port,
            ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory, .. arguments]);
    }

    /// <summary>Starts Garnet from the repository's tool manifest; fails with what to run when it was not restored.</summary>
    public static Task<ServerProcess> StartGarnetAsync(params string[] arguments)
    {
        var port = FreePort();
        var directory = Directory.CreateTempSubdirectory("monitoring-garnet-").FullName;
        return StartAsync("dotnet", "restore it with: dotnet tool restore", directory, port,
            ["tool", "run", "garnet-server", "--port", $"{port}", "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode", .. arguments]);
    }

    /// <summary>Starts Alertmanager, which notifies nobody; fails with what to install when there is none.</summary>
    public static async Task<ServerProcess> StartAlertmanagerAsync()
    {
        var port = FreePort();
        var directory = Directory.CreateTempSubdirectory("monitoring-alertmanager-").FullName;
        var configuration = Path.Combine(directory, "alertmanager.yml");
        await File.WriteAllTextAsync(configuration, "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n");
        return await StartAsync("prometheus-alertmanager", "install it with: eng/prepare alertmanager", directory, port,
            [$"--config.file={configuration}", $"--storage.path={directory}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="]);
    }

    /// <summary>Starts Prometheus in a folder of its own, which is gone with it; fails with what to install when there is none.</summary>
    /// <param name="write">Writes <c>prometheus.yml</c>, and what it names, into the folder.</param>
    public static async Task<ServerProcess> StartPrometheusAsync(Func<string, Task> write)
    {
        var port = FreePort();
        var directory = Directory.CreateTempSubdirectory("monitoring-prometheus-").FullName;
        await write(directory);
        return await StartAsync("prometheus", "install it with: eng/prepare prometheus", directory, port,
            [$"--config.file={Path.Combine(directory, "prometheus.yml")}", $"--storage.tsdb.path={Path.Combine(directory, "data")}", $"--web.listen-address=127.0.0.1:{port}"]);
    }

    /// <summary>
    /// Starts PostgreSQL on a cluster of its own, for the user <c>postgres</c> without a password; fails with what to install when
    /// there is none. It may listen before it lets anybody in.
    /// </summary>
    public static async Task<ServerProcess> StartPostgreSqlAsync()
    {
        const string remedy = "install it with: eng/prepare postgresql";
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(static version => Path.Combine(version, "bin")).Where(static bin => File.Exists(Path.Combine(bin, "initdb"))).Order().LastOrDefault()
            : null;
        if (programs is null)
        {
            throw new InvalidOperationException($"There is no PostgreSQL below /usr/lib/postgresql; {remedy}.");
        }

        // It refuses to run as root.
        var port = FreePort();
        var directory = Directory.CreateTempSubdirectory("monitoring-postgresql-").FullName;
        string[] user = [];
        if (Environment.UserName == "root")
        {
            user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"];
            await RunAsync(directory, "chown", "postgres", directory);
        }

        var data = Path.Combine(directory, "data");
        await RunAsync(directory, [.. user, Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"]);
        string[] command = [.. user, Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}"];
        foreach (var setting in new[] { "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "shared_buffers=16MB", "max_connections=50" })
        {
            command = [.. command, "-c", setting];
        }

        return await StartAsync(command[0], remedy, directory, port, command[1..], quits: true);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Stalls the server: it keeps its connections and answers nobody (SIGSTOP).</summary>
    public void Stall() => Signal(StopSignal);

    /// <summary>Lets a stalled server go on (SIGCONT).</summary>
    public void Continue() => Signal(ContinueSignal);

    /// <summary>Kills the server without warning (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts a killed server again on the same port.</summary>
    public async Task RestartAsync()
    {
        _process.Dispose();
        _process = Launch();
        await WaitUntilListeningAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // What shares memory between processes takes it down with it only when it is asked to quit.
        if (_quits && !_process.HasExited)
        {
            Signal(QuitSignal);
            using var patience = new CancellationTokenSource(QuitTimeout);
            await _process.WaitForExitAsync(patience.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<ServerProcess> StartAsync(string program, string remedy, string directory, int port, string[] arguments, bool quits = false)
    {
        // Another user may not be allowed to see the repository.
        ProcessStartInfo Command() => new(program, arguments)
        {
            WorkingDirectory = quits ? directory : Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        ServerProcess server;
        try
        {
            server = new ServerProcess(Command, directory, port, quits);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"'{program}' cannot be started here; {remedy}.", exception);
        }

        await server.WaitUntilListeningAsync();
        return server;
    }

    private static async Task RunAsync(string directory, params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with exit code {process.ExitCode}: {await output}{await error}");
        }
    }

    private Process Launch()
    {
        var process = Process.Start(_command())!;

        // Nobody reads the output, but a full pipe would stop the server.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task WaitUntilListeningAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StartTimeout)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The server for port {Port} ended at once with exit code {_process.ExitCode}.");
            }

            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20);
            }
        }

        throw new TimeoutException($"The server for port {Port} did not listen within {StartTimeout.TotalSeconds} s.");
    }

    private void Signal(int signal)
    {
        if (SystemCall.Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Process {_process.Id} could not be sent signal {signal}.");
        }
    }

    private static class SystemCall
    {
        [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        [System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int processId, int signal);
    }
}
