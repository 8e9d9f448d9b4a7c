using System.Diagnostics;
using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>
/// Pings the servers of the monitor's own connection, one after the other and synchronously: the client completes such a
/// call from the thread that reads the socket, so that a starved thread pool does not lengthen it. For one thread at a
/// time, which it blocks until the client's timeout at most.
/// </summary>
internal sealed class RedisPingProbe(RedisMonitor monitor, Func<IConnectionMultiplexer?> connection)
{
    /// <summary>Pings each server that is connected; a PING without an answer counts as long as was waited for it.</summary>
    public void Ping(TimeSpan interval)
    {
        if (connection() is not { IsConnected: true } multiplexer)
        {
            return;
        }

        try
        {
            foreach (var endPoint in multiplexer.GetEndPoints())
            {
                var server = multiplexer.GetServer(endPoint);
                if (server.IsConnected && Measure(server) is { } elapsed)
                {
                    monitor.Probes[EndPointName.Of(endPoint)].RoundTrips.Record(elapsed, interval);
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The diagnostics ended meanwhile.
        }
    }

    private static TimeSpan? Measure(IServer server)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            server.Ping();
        }
        catch (RedisTimeoutException)
        {
        }
        catch (RedisException)
        {
            // The connection was lost meanwhile: that is no measurement of the way.
            return null;
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
