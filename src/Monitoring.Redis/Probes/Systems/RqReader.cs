namespace Monitoring.Redis.Probes.Systems;

/// <summary>RQ (rq/queue.py, rq/registry.py, rq/worker.py): lists of job ids, registries as sorted sets, a hash for each worker.</summary>
internal sealed class RqReader : IQueueReader
{
    private const string QueuePrefix = "rq:queue:";

    public async Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask) =>
        await ask.MembersAsync("discovery", "rq:queues").ConfigureAwait(false) is { } keys
            ? [.. keys.Where(static key => key.StartsWith(QueuePrefix, StringComparison.Ordinal)).Select(static key => key[QueuePrefix.Length..])]
            : null;

    public async Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues)
    {
        var suspended = ask.NumberAsync("suspension", "EXISTS", "rq:suspended");
        var readings = queues.Select(queue => ReadAsync(ask, queue)).ToArray();
        var workers = await ReadWorkersAsync(ask).ConfigureAwait(false);
        var isPaused = await suspended.ConfigureAwait(false) > 0;
        var figures = await Task.WhenAll(readings).ConfigureAwait(false);
        return
        [
            .. figures.Select(queue => queue with { IsPaused = isPaused, Workers = workers.Of(queue.Queue!) }),
            new QueueFigures(null) { IsPaused = isPaused, Running = 0, Workers = workers.Workers, ActiveWorkers = workers.Busy },
        ];
    }

    private static async Task<QueueFigures> ReadAsync(ProbeQuestions ask, string queue)
    {
        var waiting = ask.NumberAsync($"depth of {queue}", "LLEN", QueuePrefix + queue);
        var running = ask.NumberAsync($"running of {queue}", "ZCARD", $"rq:wip:{queue}");
        var scheduled = ask.NumberAsync($"delayed of {queue}", "ZCARD", $"rq:scheduled:{queue}");
        var failed = ask.NumberAsync($"failed of {queue}", "ZCARD", $"rq:failed:{queue}");
        var oldest = await ask.TextAsync($"oldest of {queue}", "LINDEX", QueuePrefix + queue, 0).ConfigureAwait(false);
        var since = oldest is null ? null : await ask.TextAsync($"oldest of {queue}", "HGET", $"rq:job:{oldest}", "enqueued_at").ConfigureAwait(false);
        return new QueueFigures(queue)
        {
            Waiting = await waiting.ConfigureAwait(false),
            OldestSince = ProbeTime.Parse(since),
            Running = await running.ConfigureAwait(false),
            Delayed = await scheduled.ConfigureAwait(false) ?? 0,
            DeadLetters = await failed.ConfigureAwait(false) ?? 0,
        };
    }

    private static async Task<WorkerList> ReadWorkersAsync(ProbeQuestions ask)
    {
        if (await ask.MembersAsync("workers", "rq:workers").ConfigureAwait(false) is not { } keys)
        {
            return WorkerList.Unknown;
        }

        var workers = await Task.WhenAll(keys.Select(key => ask.TextsAsync("workers", "HMGET", key, "queues", "state", "death"))).ConfigureAwait(false);

        // A worker that died without a word stays in the set until somebody cleans it up; its hash expires.
        return workers.Contains(null)
            ? WorkerList.Unknown
            : new WorkerList([.. from worker in workers
                                 where worker is [not null, _, null]
                                 select new WorkerProcess(worker[0]!.Split(','), 1, worker[1] == "busy" ? 1 : 0)]);
    }
}
