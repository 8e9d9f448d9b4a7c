namespace Monitoring.Redis;

/// <summary>
/// What one server says of itself, as of <see cref="At"/>. Rates are over the time since the server was asked before. A
/// figure that the server does not give, or refuses, is null.
/// </summary>
public sealed record RedisServerStatistics
{
    /// <summary>Server as <c>host:port</c>.</summary>
    public required string EndPoint { get; init; }

    /// <summary>When it was asked.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How long the answers took together.</summary>
    public TimeSpan PollDuration { get; init; }

    /// <summary>Version of the server.</summary>
    public string? Version { get; init; }

    /// <summary><c>master</c> or <c>slave</c>, as the server spells it.</summary>
    public string? Role { get; init; }

    /// <summary>How long it has been up.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Memory of data and overhead, bytes.</summary>
    public long? UsedMemoryBytes { get; init; }

    /// <summary>Limit of that memory, bytes; null when there is none.</summary>
    public long? MaximumMemoryBytes { get; init; }

    /// <summary>Used share of the limit, percent.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>What it does at that limit, such as <c>noeviction</c> or <c>allkeys-lru</c>.</summary>
    public string? MemoryPolicy { get; init; }

    /// <summary>Memory that the process holds over memory used; 1 is ideal.</summary>
    public double? FragmentationRatio { get; init; }

    /// <summary>Keys evicted for lack of memory, per second.</summary>
    public double? EvictionsPerSecond { get; init; }

    /// <summary>Keys that expired, per second.</summary>
    public double? ExpirationsPerSecond { get; init; }

    /// <summary>Share of key lookups that found something, percent; null when there was no lookup.</summary>
    public double? HitRatePercent { get; init; }

    /// <summary>Key lookups since it was asked before.</summary>
    public long? Lookups { get; init; }

    /// <summary>Connected clients.</summary>
    public long? Clients { get; init; }

    /// <summary>Clients that wait in a blocking command.</summary>
    public long? BlockedClients { get; init; }

    /// <summary>Connections refused for <c>maxclients</c>, since it was asked before.</summary>
    public long? RejectedConnections { get; init; }

    /// <summary>Commands per second, of all clients.</summary>
    public double? CommandsPerSecond { get; init; }

    /// <summary>Share of the time in which it executed commands, percent (one thread).</summary>
    public double? BusyPercent { get; init; }

    /// <summary>Replication: how many bytes behind its source a replica is, or the slowest of a source's replicas.</summary>
    public long? ReplicationLagBytes { get; init; }

    /// <summary>Replication: how long since the slowest replica, or the source, was last heard of.</summary>
    public TimeSpan? ReplicationLag { get; init; }

    /// <summary>Replication: whether a replica is linked to its source; null for a source.</summary>
    public bool? IsReplicationLinkUp { get; init; }

    /// <summary>Persistence: changes since the last successful save.</summary>
    public long? ChangesSinceSave { get; init; }

    /// <summary>Persistence: whether the last save, or the last rewrite of the append-only file, succeeded.</summary>
    public bool? LastSaveSucceeded { get; init; }

    /// <summary>Persistence: whether it loads its data and cannot serve.</summary>
    public bool? IsLoading { get; init; }

    /// <summary>By command, as the server measured them since it was asked before; the 50 that took the most time, longest first.</summary>
    public IReadOnlyList<RedisServerCommand> Commands { get; init; } = [];

    /// <summary>Errors by prefix since it was asked before.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>Slow commands that the server logged since the monitor started, newest first; arguments are never kept.</summary>
    public IReadOnlyList<RedisServerSlowCommand> SlowLog { get; init; } = [];

    /// <summary>What the server refused or does not know, such as <c>slowlog</c>; these are not asked for again.</summary>
    public IReadOnlyList<string> Unavailable { get; init; } = [];
}

/// <summary>One command as the server measured it: execution only, no network and no waiting.</summary>
/// <param name="Command">Redis command, such as <c>GET</c>.</param>
/// <param name="Calls">How often.</param>
/// <param name="Average">Mean execution time; null where the server counts calls only.</param>
/// <param name="P99">
/// 99th percentile, rounded up to a power of two of microseconds (<c>LATENCY HISTOGRAM</c>, Redis 7, the 32 commands that took the
/// most time); null where there is none.
/// </param>
public sealed record RedisServerCommand(string Command, long Calls, TimeSpan? Average, TimeSpan? P99);

/// <summary>One entry of the server's slow log.</summary>
/// <param name="At">When it was executed, by the server's clock.</param>
/// <param name="Command">Redis command with the pattern of its first key.</param>
/// <param name="Duration">Execution time.</param>
public sealed record RedisServerSlowCommand(DateTimeOffset At, string Command, TimeSpan Duration);
