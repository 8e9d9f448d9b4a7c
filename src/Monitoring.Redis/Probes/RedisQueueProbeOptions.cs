using Monitoring.Validation;
using StackExchange.Redis;

namespace Monitoring.Redis.Probes;

/// <summary>How the queues of one system are watched.</summary>
public sealed class RedisQueueProbeOptions
{
    private const int MostQueues = 50;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    // A measurement holds for two minutes: so there is one at any time even if every second poll fails.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Names of the queues as the system knows them (keys of the streams for <see cref="QueueSystem.Streams"/>): 50 at most.
    /// Default none, which finds them, see <see cref="MaxQueues"/>.
    /// </summary>
    public IList<string> Queues { get; } = [];

    /// <summary>
    /// What the system's keys begin with, where it was configured: <c>global_keyprefix</c> of Celery, <c>prefix</c> of BullMQ
    /// (default <c>bull</c>), the namespace of Sidekiq and Resque (default none and <c>resque</c>), <c>Prefix</c> of Hangfire
    /// (default <c>{hangfire}:</c>). Default null: what the system has by default.
    /// </summary>
    public string? Prefix { get; set; }

    /// <summary>Number of the database. Default -1: the connection's default.</summary>
    public int Database { get; set; } = -1;

    /// <summary>How often the queues are asked: 1 s to 1 min. Default 15 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many queues are watched at most where none is named, the first by name: 1 to 50. Default 20.</summary>
    public int MaxQueues { get; set; } = 20;

    /// <summary>
    /// What the queues' names begin with in summaries and alerts, before a colon: 1 to 40 characters. Default null: the name of
    /// the system, such as <c>bullmq</c>. Tells two installations of one system apart.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>The connection to ask on. Default null: the one of the container, by <see cref="ConnectionKey"/>. Stays the caller's.</summary>
    public IConnectionMultiplexer? Connection { get; set; }

    /// <summary>Key of the container's <see cref="IConnectionMultiplexer"/>. Default null: the one without a key.</summary>
    public object? ConnectionKey { get; set; }

    internal void Validate(OptionsErrors errors)
    {
        errors.Require(Queues.Count <= MostQueues, nameof(Queues), Queues.Count, $"{MostQueues} queues at most");
        errors.Require(Queues.All(static queue => !string.IsNullOrEmpty(queue)), nameof(Queues), "a queue without a name", "names");
        errors.Range(nameof(Database), Database, -1, int.MaxValue);
        errors.Range(nameof(PollInterval), PollInterval, ShortestInterval, LongestInterval);
        errors.Range(nameof(MaxQueues), MaxQueues, 1, MostQueues);
        errors.Require(Name is null or { Length: > 0 and <= 40 }, nameof(Name), Name, "1 to 40 characters");
    }
}
