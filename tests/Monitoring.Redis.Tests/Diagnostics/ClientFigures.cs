using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Diagnostics;

/// <summary>Timeouts as the client throws them, from the figures of its message, which stand in the exception's data too.</summary>
internal static class ClientFigures
{
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["qu"] = "Redis-Queue-Awaiting-Write",
        ["qs"] = "Redis-Queue-Awaiting-Response",
        ["bw"] = "Redis-Backlog-Writer",
        ["rs"] = "Redis-Read-State",
        ["ws"] = "Redis-Write-State",
        ["in"] = "Redis-Inbound-Bytes",
        ["in-pipe"] = "Redis-Inbound-Pipe-Bytes",
        ["last-in"] = "Redis-Last-Result-Bytes",
        ["cur-in"] = "Redis-Inbound-Buffer-Bytes",
        ["serverEndpoint"] = "Redis-Server-Endpoint",
        ["conn-sec"] = "Redis-Server-Connected-Seconds",
        ["WORKER"] = "Redis-ThreadPool-Workers",
        ["POOL"] = "Redis-ThreadPool-Items",
        ["status"] = "request-sent-status",
    };

    public static RedisTimeoutException Timeout(string figures) => With(new RedisTimeoutException("Timeout performing GET user:4711", CommandStatus.Sent), figures);

    public static TException With<TException>(TException exception, string figures)
        where TException : Exception
    {
        exception.Data["Redis-Message"] = "GET user:4711";
        exception.Data["redis-command"] = "GET user:4711";
        foreach (var figure in figures.Split(", "))
        {
            var at = figure.IndexOf(": ", StringComparison.Ordinal);
            exception.Data[Keys[figure[..at]]] = figure[(at + 2)..];
        }

        return exception;
    }
}
