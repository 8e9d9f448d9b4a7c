using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.AspNetCore.Json;

namespace Monitoring.AspNetCore.Live;

/// <summary>The clients of the feed: as many as are allowed, told from the same snapshots, sent away when the host stops. Thread-safe.</summary>
internal sealed class LiveFeed
{
    /// <summary>The WebSocket subprotocol. Messages that mean something else get another name.</summary>
    public const string Protocol = "monitoring.v1";

    // A client that has vanished without a word is gone after both.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(15);

    private readonly IPerformanceMonitor _monitor;
    private readonly LiveSnapshots _snapshots;
    private readonly ILogger _logger;
    private readonly int _most;
    private readonly CancellationToken _stopping;
    private int _connections;

    public LiveFeed(IPerformanceMonitor monitor, MonitoringApiOptions options, ILogger logger, CancellationToken stopping)
    {
        _monitor = monitor;
        _snapshots = new LiveSnapshots(monitor.TimeProvider, Take);
        _logger = logger;
        _most = options.LiveConnections;
        _stopping = stopping;
    }

    /// <summary>How many clients there are.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Runs a connection, or refuses it.</summary>
    public async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            await Problems.For(StatusCodes.Status400BadRequest, $"This is no WebSocket handshake with the subprotocol {Protocol}.").ExecuteAsync(context).ConfigureAwait(false);
            return;
        }

        try
        {
            // Counted before it is looked at, so that no two take the last place.
            if (Interlocked.Increment(ref _connections) > _most || _stopping.IsCancellationRequested)
            {
                context.Response.Headers.RetryAfter = "60";
                await Problems.For(StatusCodes.Status503ServiceUnavailable, "There are as many live connections as are allowed; ask for single snapshots instead.").ExecuteAsync(context).ConfigureAwait(false);
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                SubProtocol = Protocol,
                KeepAliveInterval = PingInterval,
                KeepAliveTimeout = PongTimeout,
            }).ConfigureAwait(false);
            await new LiveConnection(socket, _snapshots, _monitor.TimeProvider).RunAsync(_stopping).ConfigureAwait(false);
        }
        finally
        {
            if (Interlocked.Decrement(ref _connections) == 0)
            {
                _snapshots.Clear();
            }
        }
    }

    private byte[] Take(LiveTurn turn)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(LivePages.Take(_monitor, turn.Page, turn.Window), ApiJson.For<LiveSnapshot>());
        }
        catch (Exception exception)
        {
            // Here, once for all who wait for it.
            ApiLog.LiveFailed(_logger, turn.Page, exception);
            throw;
        }
    }
}
