using Monitoring.TestSupport;
using Npgsql;

namespace Monitoring.IntegrationTests.Queries;

/// <summary>A real PostgreSQL with the tables of a small shop.</summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    private ServerProcess _server = null!;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartPostgreSqlAsync();
        Source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={_server.Port};Username=postgres;Database=postgres;Timeout=60;Command Timeout=60");

        // It listens before it lets anybody in.
        await Eventually.Async(CanConnectAsync, TimeSpan.FromMinutes(1), static () => "PostgreSQL lets nobody in");
        await using var command = Source.CreateCommand("""
            CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL);
            INSERT INTO items SELECT n, 'item ' || n FROM generate_series(1, 100) n;
            CREATE PROCEDURE touch(which int) LANGUAGE sql AS 'UPDATE items SET name = name WHERE id = which';
            """);
        await command.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync()
    {
        if (Source is not null)
        {
            await Source.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task<bool> CanConnectAsync()
    {
        try
        {
            await using var connection = await Source.OpenConnectionAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
