namespace Monitoring.Redis;

/// <summary>
/// Names of what is told to OpenTelemetry about Redis; docs/metrics.md describes each instrument. Renaming one is a breaking
/// change.
/// </summary>
public static class RedisTelemetryNames
{
    /// <summary>Name of the meter, for <c>AddMeter</c>.</summary>
    public const string Meter = "Monitoring.Redis";

    /// <summary>Name of the source of spans, for <c>AddSource</c>.</summary>
    public const string ActivitySource = "Monitoring.Redis";

    /// <summary>Duration of operations, seconds (OpenTelemetry's database conventions).</summary>
    public const string OperationDuration = "db.client.operation.duration";

    /// <summary>Connections that stand (OpenTelemetry's database conventions).</summary>
    public const string ConnectionCount = "db.client.connection.count";

    /// <summary>Commands that wait to be written to a connection (OpenTelemetry's database conventions).</summary>
    public const string PendingRequests = "db.client.connection.pending_requests";

    /// <summary>Failed operations (redis-py, go-redis, node-redis).</summary>
    public const string Errors = "redis.client.errors";

    /// <summary>Messages published and received (redis-py, go-redis, node-redis).</summary>
    public const string PubSubMessages = "redis.client.pubsub.messages";

    /// <summary>Connections lost or refused.</summary>
    public const string ConnectionFailures = "monitoring.redis.connection.failures";

    /// <summary>Connections that stand again.</summary>
    public const string ConnectionRestores = "monitoring.redis.connection.restores";

    /// <summary>Commands sent that wait for their reply.</summary>
    public const string AwaitingResponse = "monitoring.redis.requests.awaiting_response";

    /// <summary>Replies that wait for a thread to complete them.</summary>
    public const string AwaitingCompletion = "monitoring.redis.requests.awaiting_completion";

    /// <summary>Commands sent whose outcome nobody knows (fire and forget).</summary>
    public const string ForgottenRequests = "monitoring.redis.requests.forgotten";

    /// <summary>State of a circuit: 0 closed, 1 half-open, 2 open or isolated.</summary>
    public const string CircuitState = "monitoring.redis.circuit.state";

    /// <summary>How often a circuit opened.</summary>
    public const string CircuitTrips = "monitoring.redis.circuit.trips";

    /// <summary>Calls that a circuit refused.</summary>
    public const string CircuitRejections = "monitoring.redis.circuit.rejections";

    /// <summary>Duration of the handlers of messages, seconds.</summary>
    public const string HandlerDuration = "monitoring.redis.pubsub.handler.duration";

    /// <summary>Share of the time of operations that went to the server, the network or the process, over the last minute.</summary>
    public const string LatencyShare = "monitoring.redis.latency.share";

    /// <summary>Entries of a stream that a group has not read.</summary>
    public const string StreamLag = "monitoring.redis.stream.lag";

    /// <summary>Entries of a stream that a group has read and not acknowledged.</summary>
    public const string StreamPending = "monitoring.redis.stream.pending";

    /// <summary>Memory of a server's data and overhead, bytes.</summary>
    public const string ServerMemoryUsed = "monitoring.redis.server.memory.used";

    /// <summary>Limit of that memory, bytes.</summary>
    public const string ServerMemoryLimit = "monitoring.redis.server.memory.limit";

    /// <summary>Clients of a server.</summary>
    public const string ServerClients = "monitoring.redis.server.clients";

    /// <summary>Share of a server's key lookups that found something.</summary>
    public const string ServerHitRatio = "monitoring.redis.server.hit_ratio";

    /// <summary>Bytes that a replica is behind.</summary>
    public const string ServerReplicationLag = "monitoring.redis.server.replication.lag";

    /// <summary>What was counted as <c>OTHER</c>, or not shown, because a table was full.</summary>
    public const string Overflow = "monitoring.redis.overflow";
}
