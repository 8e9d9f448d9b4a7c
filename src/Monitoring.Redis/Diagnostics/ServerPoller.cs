using Microsoft.Extensions.Logging;
using Monitoring.Redis.Decorators;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>Asks every server and every declared stream group that one connection reaches. Polls do not overlap; anybody may read.</summary>
internal sealed class ServerPoller(RedisMonitor monitor, ILogger logger)
{
    private const int MostServers = 64;

    private readonly Dictionary<string, ServerWatch> _watches = new(StringComparer.OrdinalIgnoreCase);
    private readonly StreamGroupReader _streamGroups = new(monitor, logger);
    private volatile string[] _endPoints = [];

    /// <summary>What the servers of this connection said, whichever connection asked them.</summary>
    public IReadOnlyList<RedisServerStatistics> Servers =>
        [.. _endPoints.Select(endPoint => monitor.FindServer(endPoint)?.Statistics).OfType<RedisServerStatistics>()];

    public IReadOnlyList<RedisStreamGroupStatus> StreamGroups => _streamGroups.Statuses;

    /// <summary>Asks once, all servers at the same time. Ends within the budget; what is unanswered then is left out.</summary>
    public async Task PollAsync(IConnectionMultiplexer connection, CancellationToken token)
    {
        using var budget = new CancellationTokenSource(monitor.Options.Server.PollBudget, monitor.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, token);
        var polls = new List<Task>();
        var endPoints = connection.GetEndPoints().Take(MostServers).Select(static endPoint => (EndPoint: endPoint, Text: EndPointName.Of(endPoint))).ToArray();
        Forget(endPoints.Select(static known => known.Text));
        foreach (var (endPoint, text) in endPoints)
        {
            if (connection.GetServer(endPoint) is { IsConnected: true } server && FindWatch(text) is { } watch)
            {
                polls.Add(QuietlyAsync(watch.PollAsync(server, both.Token)));
            }
        }

        polls.Add(QuietlyAsync(_streamGroups.ReadAsync(connection, both.Token)));
        await Task.WhenAll(polls).ConfigureAwait(false);
    }

    /// <summary>Lets other connections ask. After the last poll.</summary>
    public void Release() => Forget([]);

    // A server that is known by two connections is asked by one.
    private ServerWatch? FindWatch(string endPoint)
    {
        if (!_watches.TryGetValue(endPoint, out var watch) && monitor.FindServer(endPoint) is { } server && server.TryClaim(this))
        {
            watch = _watches[endPoint] = new ServerWatch(server, monitor, logger);
        }

        return watch;
    }

    private void Forget(IEnumerable<string> allBut)
    {
        _endPoints = [.. allBut];
        foreach (var gone in _watches.Keys.Except(_endPoints, StringComparer.OrdinalIgnoreCase).ToArray())
        {
            _watches[gone].Server.Release(this);
            _watches.Remove(gone);
        }
    }

    // A server that is away, or slow, is nothing of the monitor's own that failed.
    private async Task QuietlyAsync(Task poll)
    {
        try
        {
            await poll.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception exception)
        {
            monitor.Errors.Report("reading what a Redis server says of itself", exception);
        }
    }
}
