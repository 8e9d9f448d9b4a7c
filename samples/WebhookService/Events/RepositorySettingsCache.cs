using System.Text.Json;
using StackExchange.Redis;

namespace WebhookService.Events;

/// <summary>The settings of repositories, kept in Redis for ten minutes.</summary>
internal sealed class RepositorySettingsCache(IDatabase database)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public async Task<RepositorySettings> GetAsync(string repository)
    {
        RedisKey key = $"settings:{repository}";
        var cached = await database.StringGetAsync(key);
        if (cached.HasValue)
        {
            return JsonSerializer.Deserialize<RepositorySettings>(cached.ToString()) ?? RepositorySettings.Default;
        }

        var settings = Load(repository);
        await database.StringSetAsync(key, JsonSerializer.Serialize(settings), Lifetime);
        return settings;
    }

    // Stands for the database that a service of this kind would ask.
    private static RepositorySettings Load(string repository) => RepositorySettings.Default;
}
