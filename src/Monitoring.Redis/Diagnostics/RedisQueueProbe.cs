using System.Net;
using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>Reads how many commands wait inside one multiplexer of the application. For one thread at a time.</summary>
internal sealed class RedisQueueProbe(RedisMonitor monitor, IConnectionMultiplexer application)
{
    /// <summary>Takes a reading, which stands for <paramref name="interval"/>.</summary>
    public void Read(TimeSpan interval)
    {
        try
        {
            foreach (var endPoint in application.GetEndPoints())
            {
                Read(endPoint, interval);
            }
        }
        catch (ObjectDisposedException)
        {
            // Its owner disposed it, and not through the monitored multiplexer.
        }
    }

    private void Read(EndPoint endPoint, TimeSpan interval)
    {
        // What waits for a connection does not wait for the client.
        var server = application.GetServer(endPoint);
        if (server.IsConnected)
        {
            var counters = server.GetCounters().Interactive;
            monitor.Probes[EndPointName.Of(endPoint)].Queues.Add(
                counters.PendingUnsentItems, counters.ResponsesAwaitingAsyncCompletion, interval);
        }
    }
}
