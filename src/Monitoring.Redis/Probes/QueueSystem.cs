namespace Monitoring.Redis.Probes;

/// <summary>Whose queues are watched: what else keeps queues in Redis. Its name in lower case is the queues' <c>System</c>.</summary>
public enum QueueSystem
{
    /// <summary>Celery with the Redis transport of kombu: <c>celery</c>.</summary>
    Celery,

    /// <summary>RQ (Redis Queue) for Python: <c>rq</c>.</summary>
    Rq,

    /// <summary>Sidekiq for Ruby: <c>sidekiq</c>.</summary>
    Sidekiq,

    /// <summary>BullMQ for Node.js: <c>bullmq</c>.</summary>
    BullMq,

    /// <summary>Resque for Ruby, with or without resque-scheduler, and what stores as it does: <c>resque</c>.</summary>
    Resque,

    /// <summary>Asynq for Go: <c>asynq</c>.</summary>
    Asynq,

    /// <summary>Hangfire with the storage Hangfire.Redis.StackExchange: <c>hangfire</c>.</summary>
    HangfireRedis,

    /// <summary>Consumer groups of Redis Streams, whoever reads them: <c>streams</c>. Each group of a stream is a queue.</summary>
    Streams,
}
