using Monitoring.Redis.Probes.Systems;

namespace Monitoring.Redis.Probes;

/// <summary>The names, the usual prefixes and the readers of the systems.</summary>
internal static class QueueSystems
{
    /// <summary>What <c>System</c> is called in summaries and metrics.</summary>
    public static string NameOf(QueueSystem system) => system switch
    {
        QueueSystem.Celery => "celery",
        QueueSystem.Rq => "rq",
        QueueSystem.Sidekiq => "sidekiq",
        QueueSystem.BullMq => "bullmq",
        QueueSystem.Resque => "resque",
        QueueSystem.Asynq => "asynq",
        QueueSystem.HangfireRedis => "hangfire",
        QueueSystem.Streams => "streams",
        _ => throw new ArgumentOutOfRangeException(nameof(system), system, $"{nameof(QueueSystem)} has no such system."),
    };

    public static IQueueReader CreateReader(QueueSystem system, string? prefix) => system switch
    {
        QueueSystem.Celery => new CeleryReader(prefix ?? ""),
        QueueSystem.Rq => new RqReader(),
        QueueSystem.Sidekiq => new SidekiqReader(Namespace(prefix)),
        QueueSystem.BullMq => new BullMqReader(prefix ?? "bull"),
        QueueSystem.Resque => new ResqueReader(Namespace(prefix ?? "resque")),
        QueueSystem.Asynq => new AsynqReader(),
        QueueSystem.HangfireRedis => new HangfireReader(prefix ?? "{hangfire}:"),
        _ => new StreamsReader(prefix ?? ""),
    };

    // RQ and Asynq have fixed keys.
    public static bool HasPrefix(QueueSystem system) => system is not (QueueSystem.Rq or QueueSystem.Asynq);

    private static string Namespace(string? prefix) => string.IsNullOrEmpty(prefix) ? "" : $"{prefix}:";
}
