using System.Text.Json;
using StackExchange.Redis;

namespace WebhookService.Events;

/// <summary>
/// Counters, leaderboard and recent events in Redis. A delivery is marked in the same transaction that counts it, so it
/// counts once however often it is delivered or tried, and whenever a connection is lost.
/// </summary>
internal sealed class EventStore(IDatabase database)
{
    private const int RecentEvents = 100;
    private const int LeaderboardSize = 1000;
    private const int Shown = 10;

    // The braces keep the keys of one transaction in one slot of a cluster.
    private static readonly RedisKey Counters = "{webhooks}:counters";
    private static readonly RedisKey Leaderboard = "{webhooks}:leaderboard";
    private static readonly RedisKey Recent = "{webhooks}:recent";
    private static readonly RedisValue Total = "total";

    // GitHub offers to deliver again for three days.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(3);

    public Task<bool> WasProcessedAsync(WebhookEvent webhook) => database.KeyExistsAsync(Mark(webhook));

    /// <summary>Counts the event unless it has been counted.</summary>
    public async Task ProcessAsync(WebhookEvent webhook)
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.KeyNotExists(Mark(webhook)));
        _ = transaction.StringSetAsync(Mark(webhook), 1, Remembered);
        _ = transaction.HashIncrementAsync(Counters, Total);
        _ = transaction.HashIncrementAsync(Counters, $"kind:{webhook.Kind}");
        _ = transaction.SortedSetIncrementAsync(Leaderboard, webhook.Subject, 1);
        _ = transaction.SortedSetRemoveRangeByRankAsync(Leaderboard, 0, -LeaderboardSize - 1);
        _ = transaction.ListLeftPushAsync(Recent, JsonSerializer.Serialize(webhook));
        _ = transaction.ListTrimAsync(Recent, 0, RecentEvents - 1);

        // False means that another worker or an earlier attempt got there first: it is counted either way.
        await transaction.ExecuteAsync();
    }

    public async Task<Statistics> GetStatisticsAsync()
    {
        var counters = database.HashGetAsync(Counters, Total);
        var leaders = database.SortedSetRangeByRankWithScoresAsync(Leaderboard, 0, Shown - 1, Order.Descending);
        var recent = database.ListRangeAsync(Recent, 0, Shown - 1);
        return new Statistics(
            (long)await counters,
            (await leaders).ToDictionary(entry => entry.Element.ToString(), entry => (long)entry.Score),
            [.. (await recent).Select(entry => JsonSerializer.Deserialize<WebhookEvent>(entry.ToString())!.Summary)]);
    }

    private static RedisKey Mark(WebhookEvent webhook) => $"{{webhooks}}:delivery:{webhook.Delivery}";

    /// <summary>What was counted so far, without naming a sender.</summary>
    internal sealed record Statistics(long Processed, Dictionary<string, long> Leaderboard, List<string> Recent);
}
