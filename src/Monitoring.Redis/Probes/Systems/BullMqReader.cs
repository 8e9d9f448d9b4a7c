using System.Text;

namespace Monitoring.Redis.Probes.Systems;

/// <summary>
/// BullMQ (its Lua commands and classes): lists and sorted sets of job ids for each queue. Jobs with a priority wait in a
/// sorted set and are served after those without. Its own count script may remove an entry, so it is not run.
/// </summary>
internal sealed class BullMqReader(string prefix) : IQueueReader
{
    private const string Suffix = ":meta";

    // CLIENT LIST has no limit: about 350 bytes a client.
    private const int MostClients = 1000;

    private readonly KeyScan _metas = new($"{KeyScan.Escape(prefix)}:*{Suffix}", "hash");

    public async Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask)
    {
        var keys = await _metas.ContinueAsync(ask).ConfigureAwait(false);

        // The name of a queue has no colon.
        return keys is null ? null : [.. keys.Select(key => key[(prefix.Length + 1)..^Suffix.Length]).Where(static queue => queue.Length > 0 && !queue.Contains(':'))];
    }

    public async Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues)
    {
        var readings = queues.Select(queue => ReadAsync(ask, queue)).ToArray();
        var clients = await ReadClientsAsync(ask).ConfigureAwait(false);
        var figures = await Task.WhenAll(readings).ConfigureAwait(false);
        return Array.ConvertAll(figures, queue => queue with
        {
            Workers = clients is null ? null : CountWorkers(clients, queue),
        });
    }

    private async Task<QueueFigures> ReadAsync(ProbeQuestions ask, string queue)
    {
        var key = $"{prefix}:{queue}:";
        var waiting = ReadWaitingAsync(ask, queue, $"{key}wait");

        // Before version 5.0 the jobs of a paused queue were moved there.
        var paused = ReadWaitingAsync(ask, queue, $"{key}paused");
        var prioritized = ask.NumberAsync($"prioritized of {queue}", "ZCARD", $"{key}prioritized");
        var next = ask.TextsAsync($"prioritized of {queue}", "ZRANGE", $"{key}prioritized", 0, 0);
        var active = ask.NumberAsync($"running of {queue}", "LLEN", $"{key}active");
        var delayed = ask.NumberAsync($"delayed of {queue}", "ZCARD", $"{key}delayed");
        var failed = ask.NumberAsync($"failed of {queue}", "ZCARD", $"{key}failed");
        var isPaused = ask.NumberAsync($"pause of {queue}", "HEXISTS", $"{key}meta", "paused");
        var added = ask.CounterAsync($"added of {queue}", "GET", $"{key}id");

        // Counted only by workers that are told to.
        var completedTotal = ask.NumberAsync($"metrics of {queue}", "HGET", $"{key}metrics:completed", "count");
        var failedTotal = ask.NumberAsync($"metrics of {queue}", "HGET", $"{key}metrics:failed", "count");

        var (count, oldest) = await waiting.ConfigureAwait(false);
        var (pausedCount, pausedOldest) = await paused.ConfigureAwait(false);
        string?[] candidates = [oldest, pausedOldest, .. await next.ConfigureAwait(false) ?? []];
        var since = await Task.WhenAll(candidates.OfType<string>().Select(job => WaitingSinceAsync(ask, queue, key + job))).ConfigureAwait(false);
        var low = await prioritized.ConfigureAwait(false) ?? 0;
        return new QueueFigures(queue)
        {
            Waiting = count + (pausedCount ?? 0) + low,
            LowPriority = low,
            OldestSince = since.Min(),
            Running = await active.ConfigureAwait(false),
            Delayed = await delayed.ConfigureAwait(false) ?? 0,
            DeadLetters = await failed.ConfigureAwait(false) ?? 0,
            IsPaused = await isPaused.ConfigureAwait(false) > 0,
            EnqueuedTotal = await added.ConfigureAwait(false),
            CompletedTotal = await completedTotal.ConfigureAwait(false),
            FailedTotal = await failedTotal.ConfigureAwait(false),
        };
    }

    // How many wait, and which one waits longest. Before version 5 an entry "0:…" at the end marked that delayed jobs are due.
    private static async Task<(long? Count, string? Oldest)> ReadWaitingAsync(ProbeQuestions ask, string queue, string key)
    {
        var length = ask.NumberAsync($"depth of {queue}", "LLEN", key);
        var last = await ask.TextsAsync($"depth of {queue}", "LRANGE", key, -2, -1).ConfigureAwait(false) ?? [];
        var jobs = Array.FindAll(last, static entry => entry?.StartsWith("0:", StringComparison.Ordinal) == false);
        return (await length.ConfigureAwait(false) is { } count ? Math.Max(0, count - (last.Length - jobs.Length)) : null, jobs.LastOrDefault());
    }

    private static async Task<DateTimeOffset?> WaitingSinceAsync(ProbeQuestions ask, string queue, string job)
    {
        var fields = await ask.TextsAsync($"oldest of {queue}", "HMGET", job, "timestamp", "delay").ConfigureAwait(false);
        return fields is [{ } timestamp, var delay] && ProbeTime.Parse(timestamp) is { } added
            ? added + TimeSpan.FromMilliseconds(long.TryParse(delay, out var milliseconds) ? milliseconds : 0)
            : null;
    }

    // Names of the clients of each server; null when they are not told.
    private static async Task<string[][]?> ReadClientsAsync(ProbeQuestions ask)
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, ask.Primaries).Select(primary => ReadClientsAsync(ask, primary))).ConfigureAwait(false);
        return servers.Length == 0 || servers.Contains(null) ? null : [.. servers.OfType<string[]>()];
    }

    private static async Task<string[]?> ReadClientsAsync(ProbeQuestions ask, int primary)
    {
        var info = await ask.AskPrimaryAsync(primary, "workers", "INFO", ["clients"]).ConfigureAwait(false);
        if (!long.TryParse(Diagnostics.InfoReply.Parse((string?)info).Text("connected_clients"), out var clients) || clients > MostClients)
        {
            return null;
        }

        var list = (string?)await ask.AskPrimaryAsync(primary, "workers", "CLIENT", ["LIST"]).ConfigureAwait(false);
        return list is null ? null : [.. list.Split('\n').Select(static line => line.Split(' ').FirstOrDefault(static field => field.StartsWith("name=", StringComparison.Ordinal))).OfType<string>().Select(static field => field["name=".Length..])];
    }

    // As its getWorkers does: of a cluster, in which a worker is connected to many, the server that has most. Some services
    // do not let clients have names: where jobs are run by nobody, the workers are unknown.
    private long? CountWorkers(string[][] servers, QueueFigures queue)
    {
        var name = $"{prefix}:{Convert.ToBase64String(Encoding.UTF8.GetBytes(queue.Queue!))}";
        var workers = servers.Max(clients => clients.LongCount(client => client == name || client.StartsWith($"{name}:w:", StringComparison.Ordinal)));
        return workers == 0 && queue.Running > 0 ? null : workers;
    }
}
