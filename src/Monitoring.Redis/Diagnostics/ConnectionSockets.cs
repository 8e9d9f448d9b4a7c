using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>The sockets of a multiplexer, by server and kind, as its counters have them. Asks no server; thread-safe.</summary>
internal static class ConnectionSockets
{
    private const int ServerLimit = 256;

    public static IReadOnlyList<RedisSocketStatus> Read(IConnectionMultiplexer inner, ConnectionLog log)
    {
        var sockets = new List<RedisSocketStatus>();
        foreach (var server in (inner.GetServers() ?? []).Take(ServerLimit))
        {
            var counters = server.GetCounters();
            Add(sockets, server, counters?.Interactive, log);
            Add(sockets, server, counters?.Subscription, log);
        }

        return sockets;
    }

    private static void Add(List<RedisSocketStatus> sockets, IServer server, ConnectionCounters? counters, ConnectionLog log)
    {
        // With RESP3 one socket serves both kinds, and the other was never opened.
        if (counters is null or { SocketCount: 0, IsEmpty: true })
        {
            return;
        }

        var endPoint = EndPointName.Of(server.EndPoint);
        var kind = counters.ConnectionType.ToString();
        sockets.Add(new RedisSocketStatus
        {
            EndPoint = endPoint,
            Kind = kind,

            // The client says it of the server as a whole; until an event told more, both kinds are what the server is.
            IsConnected = log.IsConnected(endPoint, kind) ?? server.IsConnected,
            SocketsOpened = counters.SocketCount,
            Unsent = counters.PendingUnsentItems,
            AwaitingResponse = counters.SentItemsAwaitingResponse,
            AwaitingCompletion = counters.ResponsesAwaitingAsyncCompletion,
            Operations = counters.OperationCount,
            Subscriptions = counters.Subscriptions,
        });
    }
}
