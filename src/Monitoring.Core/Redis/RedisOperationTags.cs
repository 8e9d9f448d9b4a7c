using System.Globalization;

namespace Monitoring.Redis;

/// <summary>
/// How OpenTelemetry's database conventions describe one operation on one server in one database. Made once and kept:
/// recording with it allocates nothing. Immutable.
/// </summary>
internal sealed class RedisOperationTags
{
    public const string SystemName = "db.system.name";
    public const string OperationName = "db.operation.name";
    public const string Namespace = "db.namespace";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ErrorType = "error.type";
    public const string StatusCode = "db.response.status_code";
    public const string BatchSize = "db.operation.batch.size";

    private readonly KeyValuePair<string, object?>[] _tags;

    /// <param name="operation">Redis command, bounded by the table it comes from.</param>
    /// <param name="endPoint">Server as <c>host:port</c>, or as its path; null when it is not known.</param>
    /// <param name="database">Index of the database; null or negative when the command belongs to none, or it is not known.</param>
    public RedisOperationTags(string operation, string? endPoint, int? database)
    {
        var tags = new List<KeyValuePair<string, object?>> { new(SystemName, "redis"), new(OperationName, operation) };
        if (database >= 0)
        {
            tags.Add(new(Namespace, database.Value.ToString(CultureInfo.InvariantCulture)));
        }

        AddServer(tags, endPoint);
        _tags = [.. tags];

        // The conventions' "{operation} {target}": for Redis the target is the server and never the namespace.
        SpanName = endPoint is null ? operation : $"{operation} {endPoint}";
    }

    /// <summary>Name of the span.</summary>
    public string SpanName { get; }

    /// <summary>The attributes of an operation that succeeded.</summary>
    public ReadOnlySpan<KeyValuePair<string, object?>> Span => _tags;

    /// <inheritdoc cref="Span"/>
    public IEnumerable<KeyValuePair<string, object?>> All => _tags;

    /// <summary>The attributes of an operation that failed.</summary>
    public KeyValuePair<string, object?>[] WithError(string errorType, string? statusCode)
    {
        KeyValuePair<string, object?>[] failed = [.. _tags, new(ErrorType, errorType)];
        return statusCode is null ? failed : [.. failed, new(StatusCode, statusCode)];
    }

    /// <summary>Adds <c>server.address</c> and <c>server.port</c>; a path, such as that of a Unix socket, has no port.</summary>
    public static void AddServer(List<KeyValuePair<string, object?>> tags, string? endPoint)
    {
        if (string.IsNullOrEmpty(endPoint))
        {
            return;
        }

        var colon = endPoint.LastIndexOf(':');
        if (colon > 0 && int.TryParse(endPoint.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            tags.Add(new(ServerAddress, endPoint[..colon].Trim('[', ']')));
            tags.Add(new(ServerPort, port));
        }
        else
        {
            tags.Add(new(ServerAddress, endPoint));
        }
    }
}
