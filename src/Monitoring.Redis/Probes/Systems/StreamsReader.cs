using System.Globalization;
using StackExchange.Redis;

namespace Monitoring.Redis.Probes.Systems;

/// <summary>Consumer groups of streams, as XINFO tells them. A queue is a group of a stream.</summary>
internal sealed class StreamsReader(string prefix) : IQueueReader
{
    private const int MostGroups = 50;
    private const int MostConsumers = 500;

    // Where Redis does not know the lag the entries are counted, which sends their content: not too many.
    private const int MostCounted = 100;

    private readonly KeyScan _streams = new(KeyScan.Escape(prefix) + "*", "stream");

    public Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask) => _streams.ContinueAsync(ask);

    public async Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues)
    {
        var streams = await Task.WhenAll(queues.Select(stream => ReadAsync(ask, stream))).ConfigureAwait(false);
        return [.. streams.SelectMany(static groups => groups)];
    }

    private static async Task<QueueFigures[]> ReadAsync(ProbeQuestions ask, string stream)
    {
        var reply = await ask.AskAsync($"groups of {stream}", "XINFO", ["GROUPS", (RedisKey)stream]).ConfigureAwait(false);
        var groups = Enumerable.Range(0, Math.Min(reply?.Length ?? 0, MostGroups)).Select(index => Fields(reply![index]));
        return await Task.WhenAll(groups.Select(group => ReadAsync(ask, stream, group))).ConfigureAwait(false);
    }

    private static async Task<QueueFigures> ReadAsync(ProbeQuestions ask, string stream, Dictionary<string, RedisResult> group)
    {
        var name = group.GetValueOrDefault("name")?.ToString() ?? "";
        var (pending, consumers, read) = (Number(group, "pending"), Number(group, "consumers"), Number(group, "entries-read"));
        var delivered = group.GetValueOrDefault("last-delivered-id")?.ToString() ?? "0-0";
        var active = consumers is > 0 and <= MostConsumers ? CountActiveAsync(ask, stream, name) : Task.FromResult<long?>(consumers == 0 ? 0 : null);
        var lag = Number(group, "lag");
        var next = lag == 0 ? [] : await ReadIdsAsync(ask, stream, delivered, lag is null ? MostCounted : 1).ConfigureAwait(false);
        return new QueueFigures($"{stream}/{name}")
        {
            Waiting = lag ?? next?.Length,
            OldestSince = next is [var oldest, ..] ? ProbeTime.Parse(oldest.Split('-')[0]) : null,
            Running = pending,
            Workers = consumers,
            ActiveWorkers = await active.ConfigureAwait(false),
            EnqueuedTotal = read + lag,
            CompletedTotal = read - pending,
        };
    }

    // Ids of the entries that the group was not given yet; null when they are not told.
    private static async Task<string[]?> ReadIdsAsync(ProbeQuestions ask, string stream, string delivered, int count)
    {
        var reply = await ask.AskAsync($"oldest of {stream}", "XRANGE", [(RedisKey)stream, After(delivered), "+", "COUNT", count]).ConfigureAwait(false);
        return reply is null ? null : [.. Enumerable.Range(0, Math.Max(0, reply.Length)).Select(index => reply[index]).Where(static entry => entry.Length > 0).Select(static entry => entry[0].ToString())];
    }

    private static async Task<long?> CountActiveAsync(ProbeQuestions ask, string stream, string group)
    {
        var reply = await ask.AskAsync($"consumers of {stream}", "XINFO", ["CONSUMERS", (RedisKey)stream, group]).ConfigureAwait(false);
        return reply is null ? null : Enumerable.Range(0, Math.Max(0, reply.Length)).LongCount(index => Number(Fields(reply[index]), "pending") > 0);
    }

    // The exclusive form, "(id", is of Redis 6.2.
    private static string After(string id)
    {
        var parts = id.Split('-');
        return parts.Length == 2 && ulong.TryParse(parts[1], out var sequence) && sequence < ulong.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{parts[0]}-{sequence + 1}")
            : id;
    }

    private static Dictionary<string, RedisResult> Fields(RedisResult reply)
    {
        var fields = new Dictionary<string, RedisResult>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < reply.Length; i += 2)
        {
            fields[reply[i].ToString() ?? ""] = reply[i + 1];
        }

        return fields;
    }

    private static long? Number(Dictionary<string, RedisResult> fields, string name) =>
        fields.TryGetValue(name, out var value) && !value.IsNull ? (long?)value : null;
}
