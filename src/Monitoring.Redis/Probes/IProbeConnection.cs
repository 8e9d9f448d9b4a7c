using StackExchange.Redis;

namespace Monitoring.Redis.Probes;

/// <summary>Where a probe's commands go.</summary>
internal interface IProbeConnection
{
    /// <summary>How many servers there are that own keys.</summary>
    int Primaries { get; }

    /// <summary>Sends a command to the server that its key belongs to.</summary>
    Task<RedisResult> SendAsync(string command, object[] arguments);

    /// <summary>Sends a command to one of the servers that own keys.</summary>
    Task<RedisResult> SendAsync(int primary, string command, object[] arguments);
}

/// <summary>A multiplexer's connection. Its commands are the monitor's and are not recorded as the application's.</summary>
internal sealed class MultiplexerConnection : IProbeConnection
{
    private const int MostServers = 16;

    private readonly IDatabase _database;
    private readonly IServer[] _primaries;

    public MultiplexerConnection(IConnectionMultiplexer connection, int database)
    {
        _database = connection.GetDatabase(database);
        _primaries = [.. connection.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false }).Take(MostServers)];
    }

    public int Primaries => _primaries.Length;

    public Task<RedisResult> SendAsync(string command, object[] arguments) => _database.ExecuteAsync(command, arguments);

    public Task<RedisResult> SendAsync(int primary, string command, object[] arguments) =>
        _primaries[primary].ExecuteAsync(_database.Database, command, arguments, CommandFlags.None);
}
