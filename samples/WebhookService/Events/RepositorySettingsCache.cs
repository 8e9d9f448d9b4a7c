using System.Text.Json;
using Monitoring;
using StackExchange.Redis;

namespace WebhookService.Events;

/// <summary>The settings of repositories, kept in Redis for ten minutes.</summary>
internal sealed class RepositorySettingsCache(IDatabase database, RepositorySettingsTable table, IPerformanceMonitor monitor)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public async Task<RepositorySettings> GetAsync(string repository)
    {
        RedisKey key = $"settings:{repository}";
        var cached = await database.StringGetAsync(key);
        monitor.RecordCache("repository-settings", cached.HasValue);
        if (cached.HasValue)
        {
            return JsonSerializer.Deserialize<RepositorySettings>(cached.ToString()) ?? RepositorySettings.Default;
        }

        var settings = await table.LoadAsync(repository);
        await database.StringSetAsync(key, JsonSerializer.Serialize(settings), Lifetime);
        return settings;
    }
}
