using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monitoring.TaskQueues;
using Monitoring.Validation;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>
/// A queue on Redis Streams and its workers in this process. Set in code; what belongs to the queue is read once, when it
/// is built. All processes of a queue should have the same messages, group, key prefix and capacity.
/// </summary>
public sealed class RedisTaskQueueOptions : TaskProcessorOptions
{
    private const int MaximumCapacity = 10_000_000;
    private const int MaximumPayload = 16 * 1024 * 1024;

    /// <summary>
    /// Tasks that the queue holds: waiting, delayed and running on any node, all priorities together. 1 to 10,000,000;
    /// default 10,000.
    /// </summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>
    /// What enqueueing into a full queue does: <c>Wait</c> for a place or <c>Reject</c>. Default <c>Wait</c>. <c>DropLowest</c>
    /// is not possible here: nobody can tell all nodes what became of the dropped task.
    /// </summary>
    public TaskQueueFullMode FullMode { get; set; } = TaskQueueFullMode.Wait;

    /// <summary>
    /// Turns that waiting tasks of high priority get for each <see cref="NormalWeight"/> and <see cref="LowWeight"/> turns of the
    /// others, while all of them wait. 1 to 1,000; default 16.
    /// </summary>
    public int HighWeight { get; set; } = 16;

    /// <summary>Turns of waiting tasks of normal priority. 1 to 1,000; default 4.</summary>
    public int NormalWeight { get; set; } = 4;

    /// <summary>Turns of waiting tasks of low priority. 1 to 1,000; default 1.</summary>
    public int LowWeight { get; set; } = 1;

    /// <summary>Longest message, as JSON in UTF-8. 1 byte to 16 MiB; default 64 KiB. A longer one is refused when it is enqueued.</summary>
    public int MaxPayloadBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// Consumer group, which all processes that run this queue's tasks share. 1 to 128 characters; null, the default, for the
    /// application's name, or <c>monitoring</c> where there is none. Two groups on one queue would each get every task.
    /// </summary>
    public string? Group { get; set; }

    /// <summary>
    /// Name of this process within the group, different for each. 1 to 256 characters; null, the default, for machine, process
    /// id and a random part.
    /// </summary>
    public string? Consumer { get; set; }

    /// <summary>
    /// Start of all keys. It has a hash tag, so that all are in one cluster slot. Null, the default, for
    /// <c>tasks:{name}</c> with the queue's name in the braces.
    /// </summary>
    public string? KeyPrefix { get; set; }

    /// <summary>Number of the database. -1, the default, for the connection's own.</summary>
    public int Database { get; set; } = -1;

    /// <summary>
    /// How long a task may go without a sign of life from its process before another one takes it. 1 s to 1 day; default 30 s.
    /// Longer than Redis may be out of reach, or tasks run twice.
    /// </summary>
    public TimeSpan ClaimIdleTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often this process gives a sign of life for the tasks it has. 100 ms to half of <see cref="ClaimIdleTime"/>; null,
    /// the default, for a third of it.
    /// </summary>
    public TimeSpan? HeartbeatInterval { get; set; }

    /// <summary>How often an idle process looks for tasks when no message wakes it. 10 ms to 1 min; default 1 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Deliveries in a row without an answer after which a task is given up: its processes died with it. 1 to 1,000; default 5.
    /// </summary>
    public int MaxDeliveries { get; set; } = 5;

    /// <summary>
    /// How long a deduplication key is held at most, should its task never be settled. 1 s to 365 days; default 1 day. Delays
    /// come on top, and it starts anew with each attempt.
    /// </summary>
    public TimeSpan DeduplicationTtl { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether this process runs the queue's tasks, not only enqueues them. Default true.</summary>
    public bool RunTasks { get; set; } = true;

    /// <summary>Key of the registered <see cref="IConnectionMultiplexer"/>; null, the default, for the one without a key.</summary>
    public object? ConnectionKey { get; set; }

    /// <summary>Gives the connection, which stays its owner's; null, the default, for the registered one.</summary>
    public Func<IServiceProvider, IConnectionMultiplexer>? Connection { get; set; }

    internal MessageContracts Messages { get; } = new();

    /// <summary>How long a consumer does nothing before it is taken for gone and removed; only without pending entries.</summary>
    internal TimeSpan ConsumerRetention { get; set; } = TimeSpan.FromHours(1);

    internal TimeSpan Heartbeat => HeartbeatInterval ?? (ClaimIdleTime / 3);

    /// <summary>Allows a message in this queue, with JSON metadata made at compile time.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="name">Its name in Redis, the same in every process and for good. 1 to 128 characters.</param>
    /// <param name="json">Its metadata, such as <c>MyContext.Default.OrderPlaced</c>.</param>
    /// <exception cref="ArgumentException">The name or the message is in use already.</exception>
    public RedisTaskQueueOptions AddMessage<TMessage>(string name, JsonTypeInfo<TMessage> json)
        where TMessage : notnull
    {
        Messages.Add(name, json);
        return this;
    }

    /// <summary>Allows a message in this queue, with JSON metadata found by reflection.</summary>
    /// <typeparam name="TMessage">The message.</typeparam>
    /// <param name="name">Its name in Redis, the same in every process and for good. 1 to 128 characters.</param>
    /// <exception cref="ArgumentException">The name or the message is in use already.</exception>
    [RequiresUnreferencedCode("Reads the message's members by reflection; give its JsonTypeInfo instead.")]
    [RequiresDynamicCode("Makes the message's converter while it runs; give its JsonTypeInfo instead.")]
    public RedisTaskQueueOptions AddMessage<TMessage>(string name)
        where TMessage : notnull =>
        AddMessage(name, (JsonTypeInfo<TMessage>)JsonSerializerOptions.Web.GetTypeInfo(typeof(TMessage)));

    internal override void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(Capacity), Capacity, 1, MaximumCapacity);
        errors.Require(
            FullMode is TaskQueueFullMode.Wait or TaskQueueFullMode.Reject, nameof(FullMode), FullMode,
            "Wait or Reject (DropLowest is for the in-process queue: tasks on Redis belong to all nodes)");
        errors.Range(nameof(HighWeight), HighWeight, 1, 1000);
        errors.Range(nameof(NormalWeight), NormalWeight, 1, 1000);
        errors.Range(nameof(LowWeight), LowWeight, 1, 1000);
        errors.Range(nameof(MaxPayloadBytes), MaxPayloadBytes, 1, MaximumPayload);
        errors.Require(Group is null or { Length: > 0 and <= 128 }, nameof(Group), Group, "1 to 128 characters");
        errors.Require(Consumer is null or { Length: > 0 and <= 256 }, nameof(Consumer), Consumer, "1 to 256 characters");
        errors.Require(KeyPrefix is null || HasHashTag(KeyPrefix), nameof(KeyPrefix), KeyPrefix, "a text with a hash tag, such as 'shop:{orders}'");
        errors.Range(nameof(Database), Database, -1, int.MaxValue);
        errors.Range(nameof(ClaimIdleTime), ClaimIdleTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        errors.Require(
            Heartbeat >= TimeSpan.FromMilliseconds(100) && Heartbeat <= ClaimIdleTime / 2, nameof(HeartbeatInterval), Heartbeat,
            $"00:00:00.1000000 to half of ClaimIdleTime ({ClaimIdleTime / 2:c})");
        errors.Range(nameof(PollInterval), PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        errors.Range(nameof(MaxDeliveries), MaxDeliveries, 1, 1000);
        errors.Range(nameof(DeduplicationTtl), DeduplicationTtl, TimeSpan.FromSeconds(1), TimeSpan.FromDays(365));
        base.Validate(errors);
    }

    // What Redis hashes is between the first brace and the next closing one, if anything is there.
    private static bool HasHashTag(string prefix)
    {
        var open = prefix.IndexOf('{', StringComparison.Ordinal);
        return open >= 0 && prefix.IndexOf('}', open) > open + 1;
    }
}
