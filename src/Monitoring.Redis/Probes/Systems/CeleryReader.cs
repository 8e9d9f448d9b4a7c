using StackExchange.Redis;

namespace Monitoring.Redis.Probes.Systems;

/// <summary>
/// Celery over kombu's Redis transport (kombu/transport/redis.py): a list for each queue and priority step, the step behind the
/// separator in the key, none for 0, which is the default and served first. What workers hold is in one hash for all queues.
/// </summary>
internal sealed class CeleryReader(string prefix) : IQueueReader
{
    private const string Separator = "\x06\x16";
    private const int MostExchanges = 100;

    // The steps of kombu's default, without the first.
    private static readonly int[] LaterSteps = [3, 6, 9];

    private readonly KeyScan _bindings = new(KeyScan.Escape($"{prefix}_kombu.binding.") + "*", "set");

    public async Task<IReadOnlyCollection<string>?> DiscoverAsync(ProbeQuestions ask)
    {
        if (await _bindings.ContinueAsync(ask).ConfigureAwait(false) is not { } keys)
        {
            return null;
        }

        var exchanges = keys.Where(static key => !IsInternal(key)).Order(StringComparer.Ordinal).Take(MostExchanges);
        var bindings = await Task.WhenAll(exchanges.Select(key => ask.MembersAsync("bindings", key))).ConfigureAwait(false);

        // Routing key, pattern and queue.
        return [.. bindings.SelectMany(static members => members ?? []).Select(static member => member.Split(Separator)[^1])
            .Where(static queue => queue.Length > 0 && !IsInternal(queue)).Distinct(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<QueueFigures>> ReadAsync(ProbeQuestions ask, IReadOnlyList<string> queues)
    {
        var unacked = ask.NumberAsync("running", "HLEN", $"{prefix}unacked");
        var depths = await Task.WhenAll(queues.Select(queue => ReadAsync(ask, queue))).ConfigureAwait(false);
        return [.. depths, new QueueFigures(null) { Running = await unacked.ConfigureAwait(false) }];
    }

    private async Task<QueueFigures> ReadAsync(ProbeQuestions ask, string queue)
    {
        var first = ask.NumberAsync($"depth of {queue}", "LLEN", prefix + queue);
        var later = await Task.WhenAll(LaterSteps.Select(step => ask.NumberAsync($"depth of {queue}", "LLEN", $"{prefix}{queue}{Separator}{step}"))).ConfigureAwait(false);
        var low = later.Sum() ?? 0;
        return new QueueFigures(queue) { Waiting = await first.ConfigureAwait(false) + low, LowPriority = low };
    }

    // Remote control and events of the workers.
    private static bool IsInternal(string name) => name.Contains("pidbox", StringComparison.Ordinal) || name.Contains("celeryev", StringComparison.Ordinal);
}
