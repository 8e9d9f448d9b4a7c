using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// What the monitor asks servers on a connection of its own. Connections of the application with the same configuration
/// share one; it ends with the last of them or with the monitor. Nothing here runs on a caller's path or blocks a thread.
/// </summary>
internal sealed class RedisDiagnostics : IDisposable
{
    // How soon a changed option, such as the interval, is seen.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    // By monitor, then by configuration; the inner table is its own lock.
    private static readonly ConditionalWeakTable<RedisMonitor, Dictionary<string, RedisDiagnostics>> Shared = [];

    private readonly RedisMonitor _monitor;
    private readonly IConnectionMultiplexer _application;
    private readonly ConfigurationOptions _configuration;
    private readonly string _name;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenRegistration _monitorStops;
    private readonly IDisposable _pings;
    private readonly Task _running;

    // Guarded by the table of the monitor.
    private readonly Dictionary<string, RedisDiagnostics> _table;
    private readonly string _key;
    private int _users;

    private volatile ConnectionMultiplexer? _connection;

    // Touched by the loop alone.
    private long _started;
    private long? _polled;
    private bool _warned;

    private RedisDiagnostics(
        RedisMonitor monitor, IConnectionMultiplexer application, ConfigurationOptions configuration, string name, ILogger logger, Dictionary<string, RedisDiagnostics> table, string key)
    {
        (_monitor, _application, _configuration, _name, _logger, _table, _key) = (monitor, application, configuration, name, logger, table, key);
        Poller = new ServerPoller(monitor, logger);
        _monitorStops = monitor.Stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _stopping);

        _pings = monitor.Probes.Add(new RedisPingProbe(monitor, () => _connection).Ping);

        // The caller's activity and other ambient state are none of the monitor's business.
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>
    /// The monitor's own connection; null while it is not made yet, where servers are not to be asked, and once it ended.
    /// It may be unconnected. Who asks through it does so within a timeout, and takes every exception for no answer.
    /// </summary>
    public IConnectionMultiplexer? Connection => _connection;

    /// <summary>What the servers said.</summary>
    public ServerPoller Poller { get; }

    /// <summary>Ends when the diagnostics have stopped and their connection is closed. Never fails.</summary>
    public Task Completion => _running;

    /// <summary>Starts asking, in the background, or joins who asks already; null where nobody is to be asked.</summary>
    public static RedisDiagnostics? Attach(IConnectionMultiplexer inner, RedisMonitor monitor, RedisConnectionOptions options, string name, ILogger? logger)
    {
        if (!options.UseDiagnostics || monitor.Stopping.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            logger ??= NullLogger.Instance;
            if (!DiagnosticsConfiguration.TryCreate(inner, options.DiagnosticsConfiguration, out var configuration, out var reason))
            {
                if (reason is not null)
                {
                    DiagnosticsLog.LogAbsent(logger, name, reason);
                }

                return null;
            }

            // What was chosen in code is not in the text: such a connection has no twin.
            var key = configuration.ToString(includePassword: true) + (options.DiagnosticsConfiguration is null ? "" : $",{Guid.NewGuid():N}");
            var table = Shared.GetOrCreateValue(monitor);
            lock (table)
            {
                if (!table.TryGetValue(key, out var diagnostics))
                {
                    table[key] = diagnostics = new RedisDiagnostics(monitor, inner, configuration, name, logger, table, key);
                }

                diagnostics._users++;
                return diagnostics;
            }
        }
        catch (Exception exception)
        {
            monitor.Errors.Report("starting the diagnostics of a Redis connection", exception);
            return null;
        }
    }

    /// <summary>Called once by each who attached; the last one ends it, without waiting.</summary>
    public void Dispose()
    {
        lock (_table)
        {
            if (--_users > 0)
            {
                return;
            }

            _table.Remove(_key);
        }

        _pings.Dispose();
        _stopping.Cancel();
    }

    private async Task RunAsync()
    {
        var token = _stopping.Token;
        _started = _monitor.TimeProvider.GetTimestamp();
        try
        {
            while (!token.IsCancellationRequested)
            {
                await TurnAsync(token).ConfigureAwait(false);
                await Task.Delay(Turn, _monitor.TimeProvider, token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (token.IsCancellationRequested)
        {
            // Whatever the end interrupted.
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
            await _monitorStops.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task TurnAsync(CancellationToken token)
    {
        try
        {
            if (!_monitor.Options.Server.Enabled)
            {
                await CloseAsync().ConfigureAwait(false);
                return;
            }

            _connection ??= await ConnectionMultiplexer.ConnectAsync(_configuration).ConfigureAwait(false);
            WarnIfUnconnected();
            if (_connection.IsConnected && IsPollDue)
            {
                _polled = _monitor.TimeProvider.GetTimestamp();
                await Poller.PollAsync(_connection, token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            _monitor.Errors.Report("asking Redis servers about themselves", exception);
        }
    }

    private bool IsPollDue =>
        _polled is not { } polled || _monitor.TimeProvider.GetElapsedTime(polled) >= _monitor.Options.Server.PollInterval;

    private void WarnIfUnconnected()
    {
        if (!_warned && _connection is { IsConnected: false } && _application.IsConnected && _monitor.TimeProvider.GetElapsedTime(_started) > ConnectPatience)
        {
            _warned = true;
            DiagnosticsLog.LogUnconnected(_logger, _name);
        }
    }

    private async Task CloseAsync()
    {
        Poller.Release();
        _polled = null;
        if (Interlocked.Exchange(ref _connection, null) is not { } connection)
        {
            return;
        }

        try
        {
            // Waits for no command that is under way.
            await connection.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _monitor.Errors.Report("closing the monitor's own Redis connection", exception);
        }
    }
}
