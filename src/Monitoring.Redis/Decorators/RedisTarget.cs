using System.Collections.Concurrent;
using System.Net;
using Monitoring.CircuitBreakers;

namespace Monitoring.Redis.Decorators;

/// <summary>Where commands go: what they are recorded under, and the circuit that guards them. Thread-safe.</summary>
/// <param name="monitor">Who records.</param>
/// <param name="endPoint">The server; null where nobody knows which of several it is.</param>
/// <param name="circuit">Its circuit, or the one that the servers share; null for none.</param>
internal sealed class RedisTarget(RedisMonitor monitor, EndPoint? endPoint, CircuitBreaker? circuit)
{
    // Commands times databases, both of which the application names.
    private const int TagLimit = 4096;

    private readonly ConcurrentDictionary<(RedisOperationRecorder, int), RedisOperationTags> _tags = [];
    private int _tagCount;

    private readonly RedisOperationRecorder?[] _recorders = new RedisOperationRecorder?[RedisCommands.Names.Length];

    /// <summary>The server as <c>host:port</c>; null where it is not known.</summary>
    public string? EndPoint { get; } = EndPointName.OfNullable(endPoint);

    public CircuitBreaker? Circuit { get; } = circuit;

    /// <summary>Whether commands are let through without asking.</summary>
    public bool IsClosed => Circuit is null || Circuit.IsClosed;

    /// <summary>The recorder of a command, made when the command is first used; the monitor bounds how many there are.</summary>
    public RedisOperationRecorder Find(CommandId command) =>
        command.Name is null ? _recorders[command.Index] ?? Make(command.Index) : monitor.GetOperation(command.Name.Trim(), EndPoint);

    /// <summary>How OpenTelemetry is told of a command in a database, or in none (-1). Remembers 4,096; others are made each time.</summary>
    public RedisOperationTags TagsOf(RedisOperationRecorder recorder, int database) =>
        _tags.TryGetValue((recorder, database), out var tags) ? tags : MakeTags(recorder, database);

    private RedisOperationTags MakeTags(RedisOperationRecorder recorder, int database)
    {
        var tags = new RedisOperationTags(recorder.Operation, EndPoint, database);

        // Racing threads may exceed the limit by as many as they are.
        if (Volatile.Read(ref _tagCount) < TagLimit && _tags.TryAdd((recorder, database), tags))
        {
            Interlocked.Increment(ref _tagCount);
        }

        return tags;
    }

    private RedisOperationRecorder Make(int command) => _recorders[command] = monitor.GetOperation(RedisCommands.Names[command], EndPoint);
}
