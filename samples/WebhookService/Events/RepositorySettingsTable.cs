using Monitoring.TaskQueues;
using Npgsql;

namespace WebhookService.Events;

/// <summary>
/// The settings of repositories in PostgreSQL, where <c>ConnectionStrings:PostgreSql</c> names one; without it, every
/// repository has the default ones.
/// </summary>
internal sealed class RepositorySettingsTable(NpgsqlDataSource? database = null)
{
    /// <summary>Makes the table; a service of this kind would leave that to its migrations.</summary>
    public async Task PrepareAsync()
    {
        if (database is not null)
        {
            await using var command = database.CreateCommand("CREATE TABLE IF NOT EXISTS repository_settings (repository text PRIMARY KEY, priority integer NOT NULL)");
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task<RepositorySettings> LoadAsync(string repository)
    {
        if (database is null)
        {
            return RepositorySettings.Default;
        }

        await using var command = database.CreateCommand("SELECT priority FROM repository_settings WHERE repository = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = repository });
        return await command.ExecuteScalarAsync() is int priority ? new RepositorySettings((TaskPriority)priority) : RepositorySettings.Default;
    }
}
