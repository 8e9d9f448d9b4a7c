using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>Asks one server about itself, and keeps what it said before. Used by one poll at a time.</summary>
internal sealed class ServerWatch(RedisServer server, RedisMonitor monitor, ILogger logger)
{
    private const string Info = "info";
    private const string CommandStatistics = "commandstats";
    private const string ErrorStatistics = "errorstats";
    private const string SlowLog = "slowlog";
    private const string Histogram = "latency histogram";

    private const int MostHistograms = 32;

    private readonly Refusals _refusals = new();
    private readonly SlowLogReader _slowLog = new(monitor.Options.Server.SlowLogCapacity);
    private ServerTotals? _totals;
    private Dictionary<string, LatencyHistogram> _histograms = [];

    public RedisServer Server => server;

    /// <summary>Publishes what the server says now. One that does not answer in time leaves what it said before to grow old.</summary>
    public async Task PollAsync(IServer connection, CancellationToken budget)
    {
        var started = monitor.TimeProvider.GetTimestamp();
        try
        {
            var info = InfoReply.Parse((string?)await AskAsync(connection, Info, "INFO", [], budget).ConfigureAwait(false));
            var commands = InfoReply.Parse((string?)await AskCommandsAsync(connection, budget).ConfigureAwait(false));
            if (!_refusals.Contains(Info) && info.Text("redis_version") is null)
            {
                return;
            }

            if (!info.HasSection(ErrorStatistics))
            {
                _refusals.Add(ErrorStatistics, "not in INFO");
            }

            var totals = new ServerTotals(info, commands, monitor.TimeProvider.GetTimestamp());
            var isNewRun = _totals is { } earlier && !totals.Continues(earlier);
            var delta = new ServerDelta(totals, isNewRun ? null : _totals, Between(_totals, totals));
            _totals = totals;
            delta.AddTo(server.Time);
            var p99 = await ReadHistogramsAsync(connection, delta, isNewRun, budget).ConfigureAwait(false);
            await ReadSlowLogAsync(connection, isNewRun, budget).ConfigureAwait(false);
            server.Publish(ServerPage.Of(server.EndPoint, info, delta, p99) with
            {
                At = monitor.TimeProvider.GetUtcNow(),
                PollDuration = monitor.TimeProvider.GetElapsedTime(started),
                SlowLog = _slowLog.Kept,
                Unavailable = _refusals.Items,
            });
        }
        finally
        {
            if (_refusals.TakeUnreported() is { } items)
            {
                DiagnosticsLog.LogRefused(logger, server.EndPoint, items);
            }
        }
    }

    private async Task<RedisResult?> AskCommandsAsync(IServer connection, CancellationToken budget)
    {
        if (_refusals.Contains(Info))
        {
            // The same command with another argument.
            _refusals.Add(CommandStatistics, Info);
            return null;
        }

        var reply = await AskAsync(connection, CommandStatistics, "INFO", [CommandStatistics], budget).ConfigureAwait(false);
        if (((string?)reply)?.Contains("disabled", StringComparison.Ordinal) == true)
        {
            // Garnet says so in a sentence.
            _refusals.Add(CommandStatistics, "not counted");
        }

        return reply;
    }

    private async Task<Dictionary<string, TimeSpan>> ReadHistogramsAsync(IServer connection, ServerDelta delta, bool isNewRun, CancellationToken budget)
    {
        var names = delta.Commands.Take(MostHistograms).Select(static command => (object)command.Name.Replace(' ', '|').ToLowerInvariant());
        var before = isNewRun ? [] : _histograms;
        _histograms = LatencyHistogram.Parse(delta.Commands.Count == 0
            ? null
            : await AskAsync(connection, Histogram, "LATENCY", ["HISTOGRAM", .. names], budget).ConfigureAwait(false));
        var p99 = new Dictionary<string, TimeSpan>();
        foreach (var (command, histogram) in _histograms)
        {
            if (before.TryGetValue(command, out var earlier) && histogram.P99Since(earlier) is { } value)
            {
                p99[command] = value;
            }
        }

        return p99;
    }

    private async Task ReadSlowLogAsync(IServer connection, bool isNewRun, CancellationToken budget)
    {
        if (isNewRun)
        {
            _slowLog.Restart();
        }

        if (_slowLog.Count > 0 && await AskAsync(connection, SlowLog, "SLOWLOG", ["GET", _slowLog.Count], budget).ConfigureAwait(false) is { IsNull: false } reply)
        {
            _slowLog.Read(reply, monitor.Options.CaptureRawKeys);
        }
    }

    private TimeSpan Between(ServerTotals? earlier, ServerTotals later) =>
        earlier is null ? TimeSpan.Zero : monitor.TimeProvider.GetElapsedTime(earlier.Timestamp, later.Timestamp);

    // Null where the server says no, for good or this time. Without an answer to the first question there is nothing to
    // show and the poll ends; the later ones are left for the next time.
    private async Task<RedisResult?> AskAsync(IServer connection, string item, string command, object[] arguments, CancellationToken budget)
    {
        if (_refusals.Contains(item))
        {
            return null;
        }

        try
        {
            return await connection.ExecuteAsync(command, arguments).WaitAsync(budget).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RedisServerException or RedisCommandException)
        {
            if (Refusals.FinalReason(exception) is { } reason)
            {
                _refusals.Add(item, reason);
            }

            return null;
        }
        catch (Exception exception) when (item != Info && exception is RedisConnectionException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }
}
