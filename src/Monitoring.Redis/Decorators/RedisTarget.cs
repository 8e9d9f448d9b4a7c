using Monitoring.CircuitBreakers;

namespace Monitoring.Redis.Decorators;

/// <summary>Where commands go: what they are recorded under, and the circuit that guards them. Thread-safe.</summary>
internal sealed class RedisTarget(RedisMonitor monitor, CircuitBreaker? circuit)
{
    private readonly RedisOperationRecorder?[] _recorders = new RedisOperationRecorder?[RedisCommands.Names.Length];

    public CircuitBreaker? Circuit { get; } = circuit;

    /// <summary>Whether commands are let through without asking.</summary>
    public bool IsClosed => Circuit is null || Circuit.IsClosed;

    /// <summary>The recorder of a command, made when the command is first used; the monitor bounds how many there are.</summary>
    public RedisOperationRecorder Find(CommandId command) =>
        command.Name is null ? _recorders[command.Index] ?? Make(command.Index) : monitor.GetOperation(command.Name.Trim());

    private RedisOperationRecorder Make(int command) => _recorders[command] = monitor.GetOperation(RedisCommands.Names[command]);
}
