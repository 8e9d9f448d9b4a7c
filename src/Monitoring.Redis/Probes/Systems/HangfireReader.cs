using System.Globalization;

namespace Monitoring.Redis.Probes.Systems;

/// <summary>
/// Hangfire over Hangfire.Redis.StackExchange (RedisMonitoringApi.cs, RedisConnection.cs): two lists of job ids for each queue,
/// a hash for the state of each job, and sorted sets, counters and servers for all queues together.
/// </summary>
internal sealed class HangfireReader(string prefix) : IQueueReader
{
    public async Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask) =>
        await ask.MembersAsync("discovery", $"{prefix}queues").ConfigureAwait(false);

    public async Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues)
    {
        var scheduled = ask.NumberAsync("delayed", "ZCARD", $"{prefix}schedule");
        var dead = ask.NumberAsync("failed", "ZCARD", $"{prefix}failed");
        var processing = ask.NumberAsync("processing", "ZCARD", $"{prefix}processing");
        var succeeded = ask.CounterAsync("succeeded", "GET", $"{prefix}stats:succeeded");

        // Failures are counted by the day only.
        var failed = ask.CounterAsync("failures", "GET", string.Create(CultureInfo.InvariantCulture, $"{prefix}stats:failed:{ask.Now.UtcDateTime:yyyy-MM-dd}"));
        var readings = queues.Select(queue => ReadAsync(ask, queue)).ToArray();
        var workers = await ReadServersAsync(ask).ConfigureAwait(false);
        var figures = await Task.WhenAll(readings).ConfigureAwait(false);
        return
        [
            .. figures.Select(queue => queue with { Workers = workers.Of(queue.Queue!) }),
            new QueueFigures(null)
            {
                Running = 0,
                Workers = workers.Workers,
                ActiveWorkers = await processing.ConfigureAwait(false),
                Delayed = await scheduled.ConfigureAwait(false) ?? 0,
                DeadLetters = await dead.ConfigureAwait(false) ?? 0,
                CompletedTotal = await succeeded.ConfigureAwait(false),
                FailedTotal = await failed.ConfigureAwait(false),
            },
        ];
    }

    private async Task<QueueFigures> ReadAsync(ProbeQuestions ask, string queue)
    {
        var waiting = ask.NumberAsync($"depth of {queue}", "LLEN", $"{prefix}queue:{queue}");
        var fetched = ask.NumberAsync($"running of {queue}", "LLEN", $"{prefix}queue:{queue}:dequeued");
        var oldest = await ask.TextAsync($"oldest of {queue}", "LINDEX", $"{prefix}queue:{queue}", -1).ConfigureAwait(false);
        var since = oldest is null ? null : await ask.TextAsync($"oldest of {queue}", "HGET", $"{prefix}job:{oldest}:state", "EnqueuedAt").ConfigureAwait(false);
        return new QueueFigures(queue)
        {
            Waiting = await waiting.ConfigureAwait(false),
            OldestSince = ProbeTime.Parse(since),
            Running = await fetched.ConfigureAwait(false),
        };
    }

    private async Task<WorkerList> ReadServersAsync(ProbeQuestions ask)
    {
        if (await ask.MembersAsync("workers", $"{prefix}servers").ConfigureAwait(false) is not { } servers)
        {
            return WorkerList.Unknown;
        }

        var processes = await Task.WhenAll(servers.Select(server => ReadServerAsync(ask, server))).ConfigureAwait(false);
        return new WorkerList([.. processes.OfType<WorkerProcess>()]);
    }

    private async Task<WorkerProcess?> ReadServerAsync(ProbeQuestions ask, string server)
    {
        var queues = ask.TextsAsync("workers", "LRANGE", $"{prefix}server:{server}:queues", 0, -1);
        var workers = await ask.NumberAsync("workers", "HGET", $"{prefix}server:{server}", "WorkerCount").ConfigureAwait(false);
        var names = await queues.ConfigureAwait(false) ?? [];
        return workers is { } count ? new WorkerProcess([.. names.OfType<string>()], count, null) : null;
    }
}
