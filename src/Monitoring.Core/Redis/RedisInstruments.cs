using System.Diagnostics.Metrics;
using Monitoring.CircuitBreakers;
using Monitoring.Telemetry;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Monitoring.Redis;

/// <summary>
/// The instruments that are read rather than recorded: each reads, when somebody collects it, what the summary reads.
/// What fails is counted as an error of the monitor's own and left out.
/// </summary>
internal sealed class RedisInstruments
{
    public const string Channel = "redis.client.pubsub.channel";

    private const string Direction = "redis.client.pubsub.message.direction";
    private const string PoolName = "db.client.connection.pool.name";
    private const string ConnectionState = "db.client.connection.state";
    private const string IsPubSub = "redis.client.connection.pubsub";
    private const string ErrorCategory = "redis.client.errors.category";
    private const string Stream = "redis.client.stream.name";
    private const string ConsumerGroup = "redis.client.stream.consumer_group";
    private const string Circuit = "monitoring.redis.circuit.name";
    private const string Cause = "monitoring.redis.latency.cause";
    private const string Table = "monitoring.redis.table";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly Tag System = new(RedisOperationTags.SystemName, "redis");

    private readonly Meter _meter;
    private readonly RedisMonitor _redis;

    private RedisInstruments(Meter meter, RedisMonitor redis)
    {
        _meter = meter;
        _redis = redis;
    }

    /// <summary>Makes the instruments, for the meter's lifetime.</summary>
    public static void Create(Meter meter, RedisMonitor redis)
    {
        var instruments = new RedisInstruments(meter, redis);
        instruments.CreateForOperations();
        instruments.CreateForPubSub();
        instruments.CreateForConnections();
        instruments.CreateForCircuits();
        instruments.CreateForServers();
    }

    private void CreateForOperations()
    {
        Counter(RedisTelemetryNames.Errors, "{error}", "Operations that failed.", () =>
            _redis.GetErrorTotals().Select(static error => new Measurement<long>(error.Value, ErrorTags(error.Key))));
        Counter(RedisTelemetryNames.ForgottenRequests, "{request}", "Commands sent whose outcome nobody knows.", () =>
            [Measure(_redis.GetSentTotal())]);
        Counter(RedisTelemetryNames.Overflow, "{occurrence}", "What was counted as OTHER, or not shown, because a table was full.", () =>
        {
            var (operations, connections, channels) = _redis.GetOverflows();
            return
            [
                Measure(operations, new Tag(Table, "operations")),
                Measure(connections, new Tag(Table, "connections")),
                Measure(channels, new Tag(Table, "channels")),
            ];
        });
        Gauge(RedisTelemetryNames.LatencyShare, "1", "Share of the time of operations, over the last minute.", ReadShares);
    }

    private void CreateForPubSub() =>
        Counter(RedisTelemetryNames.PubSubMessages, "{message}", "Messages published, and received by handlers.", () =>
            _redis.Channels.All.SelectMany(static channel => new[]
            {
                Measure(channel.TotalPublished, new(Direction, "out"), new(Channel, channel.Pattern)),
                Measure(channel.TotalReceived, new(Direction, "in"), new(Channel, channel.Pattern)),
            }));

    private void CreateForConnections()
    {
        UpDown(RedisTelemetryNames.ConnectionCount, "{connection}", "Connections that stand.", () =>
            Sockets(static socket => socket.IsConnected ? 1 : 0, new Tag(ConnectionState, "used")));
        UpDown(RedisTelemetryNames.PendingRequests, "{request}", "Commands that wait to be written.", () =>
            Sockets(static socket => socket.Unsent));
        UpDown(RedisTelemetryNames.AwaitingResponse, "{request}", "Commands sent that wait for their reply.", () =>
            Sockets(static socket => socket.AwaitingResponse));
        UpDown(RedisTelemetryNames.AwaitingCompletion, "{request}", "Replies that wait for a thread to complete them.", () =>
            Sockets(static socket => socket.AwaitingCompletion));
        Counter(RedisTelemetryNames.ConnectionFailures, "{connection}", "Connections lost or refused.", () =>
            _redis.GetConnections().Select(static connection => Measure(connection.Failures, new Tag(PoolName, connection.Name))));
        Counter(RedisTelemetryNames.ConnectionRestores, "{connection}", "Connections that stand again.", () =>
            _redis.GetConnections().Select(static connection => Measure(connection.Restores, new Tag(PoolName, connection.Name))));
        Gauge(RedisTelemetryNames.StreamLag, "{entry}", "Entries that the group has not read.", () => Groups(static group => group.Lag));
        Gauge(RedisTelemetryNames.StreamPending, "{entry}", "Entries that the group has read and not acknowledged.", () => Groups(static group => group.Pending));
    }

    private void CreateForCircuits()
    {
        Gauge(RedisTelemetryNames.CircuitState, "1", "0 closed, 1 half-open, 2 open or isolated.", () =>
            Circuits(static circuit => circuit.State switch { CircuitState.Closed => 0, CircuitState.HalfOpen => 1, _ => 2 }));
        Counter(RedisTelemetryNames.CircuitTrips, "{trip}", "How often the circuit opened.", () => Circuits(static circuit => circuit.Trips));
        Counter(RedisTelemetryNames.CircuitRejections, "{request}", "Calls that the circuit refused.", () => Circuits(static circuit => circuit.Rejections));
    }

    private void CreateForServers()
    {
        Gauge(RedisTelemetryNames.ServerMemoryUsed, "By", "Memory of data and overhead.", () => Servers(static server => server.UsedMemoryBytes));
        Gauge(RedisTelemetryNames.ServerMemoryLimit, "By", "Limit of that memory.", () => Servers(static server => server.MaximumMemoryBytes));
        Gauge(RedisTelemetryNames.ServerClients, "{client}", "Clients of the server.", () => Servers(static server => server.Clients));
        Gauge(RedisTelemetryNames.ServerHitRatio, "1", "Share of key lookups that found something.", () => Servers(static server => server.HitRatePercent / 100));
        Gauge(RedisTelemetryNames.ServerReplicationLag, "By", "How far a replica is behind.", () => Servers(static server => server.ReplicationLagBytes));
    }

    private IEnumerable<Measurement<double>> ReadShares()
    {
        var verdict = _redis.GetSummary(Minute).Verdict;
        return verdict.Operations == 0
            ? []
            :
            [
                Measure(verdict.ServerPercent / 100, new Tag(Cause, "server")),
                Measure(verdict.NetworkPercent / 100, new Tag(Cause, "network")),
                Measure(verdict.ClientPercent / 100, new Tag(Cause, "client")),
                Measure(verdict.HeadOfLinePercent / 100, new Tag(Cause, "head_of_line")),
                Measure(verdict.UnknownPercent / 100, new Tag(Cause, "unknown")),
            ];
    }

    // The categories of redis-py, go-redis and node-redis: network, auth, server, other (and tls, which the client reports
    // as a lost connection).
    private static Tag[] ErrorTags(string error)
    {
        var isPrefix = !error.Any(char.IsAsciiLetterLower);
        var category = error switch
        {
            "NOAUTH" or "WRONGPASS" or "NOPERM" => "auth",
            "RedisTimeoutException" or "TimeoutException" or "RedisConnectionException" or "SocketException" or "IOException" => "network",
            _ => isPrefix ? "server" : "other",
        };
        Tag[] tags = [System, new(RedisOperationTags.ErrorType, error), new(ErrorCategory, category)];
        return isPrefix ? [.. tags, new(RedisOperationTags.StatusCode, error)] : tags;
    }

    private IEnumerable<Measurement<long>> Sockets(Func<RedisSocketStatus, long> read, params Tag[] more) =>
        from connection in _redis.GetConnections()
        from socket in connection.Sockets
        select Measure(
            read(socket),
            [new(PoolName, connection.Name), .. Server(socket.EndPoint), new(IsPubSub, socket.Kind == "Subscription"), .. more]);

    private IEnumerable<Measurement<double>> Groups(Func<RedisStreamGroupStatus, double?> read) =>
        from connection in _redis.GetConnections()
        from entry in connection.StreamGroups
        let value = entry.Exists ? read(entry) : null
        where value is not null
        select Measure(value.Value, new(PoolName, connection.Name), new(Stream, entry.Stream), new(ConsumerGroup, entry.Group));

    private IEnumerable<Measurement<double>> Servers(Func<RedisServerStatistics, double?> read) =>
        from server in _redis.GetServers()
        let value = read(server)
        where value is not null
        select Measure(value.Value, [.. Server(server.EndPoint)]);

    private IEnumerable<Measurement<long>> Circuits(Func<CircuitBreakerSummary, long> read) =>
        _redis.GetCircuits().Select(circuit => Measure(read(circuit), new Tag(Circuit, circuit.Name)));

    private static Measurement<T> Measure<T>(T value, params Tag[] tags)
        where T : struct => new(value, [System, .. tags]);

    private static List<Tag> Server(string endPoint)
    {
        var tags = new List<Tag>();
        RedisOperationTags.AddServer(tags, endPoint);
        return tags;
    }

    private void Counter(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, () => Read(read), unit, description);

    private void UpDown(string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableUpDownCounter(name, () => Read(read), unit, description);

    private void Gauge<T>(string name, string unit, string description, Func<IEnumerable<Measurement<T>>> read)
        where T : struct =>
        _meter.CreateObservableGauge(name, () => Read(read), unit, description);

    private List<Measurement<T>> Read<T>(Func<IEnumerable<Measurement<T>>> read)
        where T : struct
    {
        try
        {
            return [.. read()];
        }
        catch (Exception own)
        {
            _redis.Errors.Report("redis-telemetry", own);
            return [];
        }
    }
}
