using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>Asks how far the declared consumer groups are. Used by one poll at a time; anybody may read.</summary>
internal sealed class StreamGroupReader(RedisMonitor monitor, ILogger logger)
{
    private const string Item = "xinfo groups";

    private readonly Refusals _refusals = new();
    private volatile IReadOnlyList<RedisStreamGroupStatus> _statuses = [];

    /// <summary>What was said last, in the order in which the groups are declared; a group is absent whose stream the server does not tell about.</summary>
    public IReadOnlyList<RedisStreamGroupStatus> Statuses => _statuses;

    public async Task ReadAsync(IConnectionMultiplexer connection, CancellationToken budget)
    {
        var declared = monitor.Options.StreamGroups.GroupBy(static group => group.Stream, StringComparer.Ordinal).ToArray();
        if (declared.Length == 0 || _refusals.Contains(Item))
        {
            _statuses = [];
            return;
        }

        var streams = await Task.WhenAll(declared.Select(stream => AskAsync(connection.GetDatabase(), stream.Key, budget))).ConfigureAwait(false);
        var statuses = new List<RedisStreamGroupStatus>();
        foreach (var (stream, groups) in declared.Zip(streams))
        {
            statuses.AddRange(groups is null ? [] : stream.Select(group => groups.GetValueOrDefault(group.Group) ?? Absent(group)));
        }

        _statuses = statuses;
        if (_refusals.TakeUnreported() is { } items)
        {
            DiagnosticsLog.LogRefused(logger, connection.ClientName, items);
        }
    }

    private RedisStreamGroupStatus Absent(RedisStreamGroup group) =>
        new() { Stream = group.Stream, Group = group.Group, At = monitor.TimeProvider.GetUtcNow() };

    // By the name of the group; none for a stream that does not exist, null where the server does not say.
    private async Task<Dictionary<string, RedisStreamGroupStatus>?> AskAsync(IDatabase database, string stream, CancellationToken budget)
    {
        if (_refusals.Contains(Of(stream)))
        {
            return null;
        }

        try
        {
            var reply = await database.ExecuteAsync("XINFO", "GROUPS", (RedisKey)stream).WaitAsync(budget).ConfigureAwait(false);
            var groups = new Dictionary<string, RedisStreamGroupStatus>(StringComparer.Ordinal);
            for (var i = 0; i < reply.Length; i++)
            {
                var status = Read(stream, reply[i]);
                groups[status.Group] = status;
            }

            return groups;
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("ERR no such key", StringComparison.Ordinal)
            || exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            return [];
        }
        catch (Exception exception) when (exception is RedisServerException or RedisCommandException)
        {
            if (Refusals.FinalReason(exception) is { } reason)
            {
                // "… no permissions to access one of the keys …" is about this stream, anything else about the command.
                _refusals.Add(exception.Message.Contains(" keys ", StringComparison.Ordinal) ? Of(stream) : Item, reason);
            }

            return null;
        }
    }

    private RedisStreamGroupStatus Read(string stream, RedisResult group)
    {
        var fields = new Dictionary<string, RedisResult>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < group.Length; i += 2)
        {
            fields[group[i].ToString() ?? ""] = group[i + 1];
        }

        return new RedisStreamGroupStatus
        {
            Stream = stream,
            Group = fields.GetValueOrDefault("name")?.ToString() ?? "",
            Exists = true,
            Lag = Integer("lag"),
            Pending = Integer("pending") ?? 0,
            Consumers = Integer("consumers") ?? 0,
            At = monitor.TimeProvider.GetUtcNow(),
        };

        long? Integer(string name) => fields.TryGetValue(name, out var value) && !value.IsNull ? (long?)value : null;
    }

    private static string Of(string stream) => $"{Item} {stream}";
}
