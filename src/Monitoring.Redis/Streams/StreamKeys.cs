using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>The keys of one queue, all in one cluster slot by the hash tag of their prefix. Immutable.</summary>
internal sealed class StreamKeys(string prefix)
{
    public const int Priorities = 3;

    /// <summary>One stream for each priority, the most urgent first.</summary>
    public RedisKey[] Streams { get; } = [$"{prefix}:high", $"{prefix}:normal", $"{prefix}:low"];

    /// <summary>Sorted set of tasks whose time has not come: due time in Unix ms, and the packed entry.</summary>
    public RedisKey Delayed { get; } = $"{prefix}:delayed";

    /// <summary>Stream of dead letters.</summary>
    public RedisKey Dead { get; } = $"{prefix}:dead";

    /// <summary>Exists while the queue is paused.</summary>
    public RedisKey Paused { get; } = $"{prefix}:paused";

    /// <summary>Exists while a process may sleep because it found nothing; whoever adds a task takes it away and publishes.</summary>
    public RedisKey Idle { get; } = $"{prefix}:idle";

    /// <summary>Hash of the processes that run tasks: consumer, and its workers with the time until which that holds.</summary>
    public RedisKey Nodes { get; } = $"{prefix}:nodes";

    /// <summary>Where sleepers are woken.</summary>
    public RedisChannel Channel { get; } = RedisChannel.Literal($"{prefix}:wake");

    public RedisKey Stream(TaskPriority priority) => Streams[(int)priority];

    /// <summary>Holds the id of the task that has this deduplication key, until it is settled.</summary>
    public RedisKey Deduplication(string key) => $"{prefix}:key:{key}";

    /// <summary><paramref name="keys"/>, and that of the deduplication key if there is one.</summary>
    public RedisKey[] With(string? deduplicationKey, params ReadOnlySpan<RedisKey> keys) =>
        deduplicationKey is null ? [.. keys] : [.. keys, Deduplication(deduplicationKey)];
}
