namespace Monitoring.Redis.Probes.Systems;

/// <summary>
/// Resque (resque/data_store.rb, resque/worker.rb) and resque-scheduler (resque/scheduler/delaying_extensions.rb): a list for
/// each queue, and everything else for all queues together. Jobs carry no time.
/// </summary>
internal sealed class ResqueReader(string prefix) : IQueueReader
{
    private const int MostTimestamps = 200;

    public async Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask) =>
        await ask.MembersAsync("discovery", $"{prefix}queues").ConfigureAwait(false);

    public async Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues)
    {
        var depths = queues.Select(queue => ask.NumberAsync($"depth of {queue}", "LLEN", $"{prefix}queue:{queue}")).ToArray();
        var delayed = CountDelayedAsync(ask);
        var dead = ask.NumberAsync("failed", "LLEN", $"{prefix}failed");
        var processed = ask.CounterAsync("processed", "GET", $"{prefix}stat:processed");
        var failed = ask.CounterAsync("failures", "GET", $"{prefix}stat:failed");
        var workers = await ReadWorkersAsync(ask).ConfigureAwait(false);
        var waiting = await Task.WhenAll(depths).ConfigureAwait(false);
        return
        [
            .. queues.Zip(waiting, (queue, depth) => new QueueFigures(queue) { Waiting = depth, Workers = workers.Of(queue) }),
            new QueueFigures(null)
            {
                Running = workers.Busy,
                Workers = workers.Workers,
                ActiveWorkers = workers.Busy,
                Delayed = await delayed.ConfigureAwait(false),
                DeadLetters = await dead.ConfigureAwait(false) ?? 0,
                CompletedTotal = await processed.ConfigureAwait(false) - await failed.ConfigureAwait(false),
                FailedTotal = await failed.ConfigureAwait(false),
            },
        ];
    }

    // A list for each second; of more than 200 seconds the first ones, which are due first.
    private async Task<long> CountDelayedAsync(ProbeQuestions ask)
    {
        var timestamps = await ask.TextsAsync("delayed", "ZRANGE", $"{prefix}delayed_queue_schedule", 0, MostTimestamps - 1).ConfigureAwait(false) ?? [];
        var counts = await Task.WhenAll(timestamps.Select(timestamp => ask.NumberAsync("delayed", "LLEN", $"{prefix}delayed:{timestamp}"))).ConfigureAwait(false);
        return counts.Sum() ?? 0;
    }

    // An id is host:pid:queues, and what it works on has a key.
    private async Task<WorkerList> ReadWorkersAsync(ProbeQuestions ask)
    {
        if (await ask.MembersAsync("workers", $"{prefix}workers").ConfigureAwait(false) is not { } ids)
        {
            return WorkerList.Unknown;
        }

        var busy = await Task.WhenAll(ids.Select(id => ask.NumberAsync("workers", "EXISTS", $"{prefix}worker:{id}"))).ConfigureAwait(false);
        return new WorkerList([.. ids.Zip(busy, static (id, running) => new WorkerProcess(id[(id.LastIndexOf(':') + 1)..].Split(','), 1, running))]);
    }
}
