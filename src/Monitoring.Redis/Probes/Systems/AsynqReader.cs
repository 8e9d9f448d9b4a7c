using StackExchange.Redis;

namespace Monitoring.Redis.Probes.Systems;

/// <summary>
/// Asynq (internal/base/base.go, internal/rdb/inspect.go), version 0.23 and newer: everything of a queue under <c>asynq:{queue}:</c>,
/// the braces being part of the key; the running servers as protocol buffers, listed by the time at which they expire.
/// </summary>
internal sealed class AsynqReader : IQueueReader
{
    private const int MostServers = 500;

    public async Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask) =>
        await ask.MembersAsync("discovery", "asynq:queues").ConfigureAwait(false);

    public async Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues)
    {
        var readings = queues.Select(queue => ReadAsync(ask, queue)).ToArray();
        var workers = await ReadServersAsync(ask).ConfigureAwait(false);
        var figures = await Task.WhenAll(readings).ConfigureAwait(false);
        return
        [
            .. figures.Select(queue => queue with { Workers = workers.Of(queue.Queue!) }),
            new QueueFigures(null) { Running = 0, Workers = workers.Workers, ActiveWorkers = workers.Busy },
        ];
    }

    private static async Task<QueueFigures> ReadAsync(ProbeQuestions ask, string queue)
    {
        var key = $"asynq:{{{queue}}}:";
        var pending = ask.NumberAsync($"depth of {queue}", "LLEN", $"{key}pending");
        var active = ask.NumberAsync($"running of {queue}", "LLEN", $"{key}active");
        var scheduled = ask.NumberAsync($"delayed of {queue}", "ZCARD", $"{key}scheduled");
        var retries = ask.NumberAsync($"retries of {queue}", "ZCARD", $"{key}retry");
        var archived = ask.NumberAsync($"failed of {queue}", "ZCARD", $"{key}archived");
        var paused = ask.NumberAsync($"pause of {queue}", "EXISTS", $"{key}paused");
        var processed = ask.CounterAsync($"processed of {queue}", "GET", $"{key}processed");
        var failed = ask.CounterAsync($"failures of {queue}", "GET", $"{key}failed");
        var oldest = await ask.TextAsync($"oldest of {queue}", "LINDEX", $"{key}pending", -1).ConfigureAwait(false);
        var since = oldest is null ? null : await ask.TextAsync($"oldest of {queue}", "HGET", $"{key}t:{oldest}", "pending_since").ConfigureAwait(false);
        return new QueueFigures(queue)
        {
            Waiting = await pending.ConfigureAwait(false),
            OldestSince = ProbeTime.Parse(since),
            Running = await active.ConfigureAwait(false),
            Delayed = (await scheduled.ConfigureAwait(false) ?? 0) + (await retries.ConfigureAwait(false) ?? 0),
            DeadLetters = await archived.ConfigureAwait(false) ?? 0,
            IsPaused = await paused.ConfigureAwait(false) > 0,

            // What failed was processed too.
            CompletedTotal = await processed.ConfigureAwait(false) - await failed.ConfigureAwait(false),
            FailedTotal = await failed.ConfigureAwait(false),
        };
    }

    private static async Task<WorkerList> ReadServersAsync(ProbeQuestions ask)
    {
        if (await ask.TextsAsync("workers", "ZRANGEBYSCORE", "asynq:servers", ask.Now.ToUnixTimeSeconds(), "+inf", "LIMIT", 0, MostServers).ConfigureAwait(false) is not { Length: < MostServers } keys)
        {
            return WorkerList.Unknown;
        }

        var servers = await Task.WhenAll(keys.OfType<string>().Select(key => ask.AskAsync("workers", "GET", [(RedisKey)key]))).ConfigureAwait(false);
        return servers.Contains(null)
            ? WorkerList.Unknown
            : new WorkerList([.. servers.Where(static server => !server!.IsNull).Select(static server => AsynqServerInfo.Read((byte[])server!))]);
    }
}
