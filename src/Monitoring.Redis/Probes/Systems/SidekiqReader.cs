using System.Text.Json;

namespace Monitoring.Redis.Probes.Systems;

/// <summary>
/// Sidekiq (sidekiq/api.rb, sidekiq/launcher.rb): a list of JSON for each queue, and sorted sets, counters and processes for
/// all queues together.
/// </summary>
internal sealed class SidekiqReader(string prefix) : IQueueReader
{
    public async Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask) =>
        await ask.MembersAsync("discovery", $"{prefix}queues").ConfigureAwait(false);

    public async Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues)
    {
        var system = ReadSystemAsync(ask);
        var readings = queues.Select(queue => ReadAsync(ask, queue)).ToArray();
        var workers = await ReadProcessesAsync(ask).ConfigureAwait(false);
        var figures = await Task.WhenAll(readings).ConfigureAwait(false);
        return
        [
            .. figures.Select(queue => queue with { Workers = workers.Of(queue.Queue!) }),
            await system.ConfigureAwait(false) with { Running = workers.Busy, Workers = workers.Workers, ActiveWorkers = workers.Busy },
        ];
    }

    private async Task<QueueFigures> ReadAsync(ProbeQuestions ask, string queue)
    {
        var waiting = ask.NumberAsync($"depth of {queue}", "LLEN", $"{prefix}queue:{queue}");
        var oldest = await ask.TextAsync($"oldest of {queue}", "LINDEX", $"{prefix}queue:{queue}", -1).ConfigureAwait(false);
        return new QueueFigures(queue) { Waiting = await waiting.ConfigureAwait(false), OldestSince = EnqueuedAt(oldest) };
    }

    private async Task<QueueFigures> ReadSystemAsync(ProbeQuestions ask)
    {
        var scheduled = ask.NumberAsync("delayed", "ZCARD", $"{prefix}schedule");
        var retries = ask.NumberAsync("retries", "ZCARD", $"{prefix}retry");
        var dead = ask.NumberAsync("dead", "ZCARD", $"{prefix}dead");
        var processed = ask.CounterAsync("processed", "GET", $"{prefix}stat:processed");
        var failed = await ask.CounterAsync("failed", "GET", $"{prefix}stat:failed").ConfigureAwait(false);
        return new QueueFigures(null)
        {
            Delayed = (await scheduled.ConfigureAwait(false) ?? 0) + (await retries.ConfigureAwait(false) ?? 0),
            DeadLetters = await dead.ConfigureAwait(false) ?? 0,
            CompletedTotal = await processed.ConfigureAwait(false) - failed,
            FailedTotal = failed,
        };
    }

    private async Task<WorkerList> ReadProcessesAsync(ProbeQuestions ask)
    {
        if (await ask.MembersAsync("workers", $"{prefix}processes").ConfigureAwait(false) is not { } keys)
        {
            return WorkerList.Unknown;
        }

        var processes = await Task.WhenAll(keys.Select(key => ask.TextsAsync("workers", "HMGET", prefix + key, "info", "busy"))).ConfigureAwait(false);

        // The hash of a process that is gone expires before its entry in the set.
        return processes.Contains(null)
            ? WorkerList.Unknown
            : new WorkerList([.. processes.Where(static process => process![0] is not null).Select(static process => Process(process![0]!, process[1]))]);
    }

    private static WorkerProcess Process(string info, string? busy)
    {
        using var json = JsonDocument.Parse(info);
        var queues = json.RootElement.TryGetProperty("queues", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Select(static name => name.ToString()).ToArray()
            : [];
        var concurrency = json.RootElement.TryGetProperty("concurrency", out var threads) && threads.TryGetInt64(out var number) ? number : 0;
        return new WorkerProcess(queues, concurrency, long.TryParse(busy, out var running) ? running : null);
    }

    // Seconds with a fraction, and whole milliseconds from Sidekiq 8 on.
    private static DateTimeOffset? EnqueuedAt(string? job)
    {
        if (job is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(job);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("enqueued_at", out var at) && at.ValueKind == JsonValueKind.Number
                ? ProbeTime.FromUnix(at.GetDouble())
                : null;
        }
        catch (JsonException)
        {
            // Sidekiq itself takes such an entry for a job without fields.
            return null;
        }
    }
}
