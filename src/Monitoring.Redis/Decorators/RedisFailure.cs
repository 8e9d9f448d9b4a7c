using System.Net.Sockets;
using Monitoring.CircuitBreakers;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>What an exception of the client says about the operation and about the server's health.</summary>
internal static class RedisFailure
{
    /// <summary>What the circuits of this library protect.</summary>
    public const string Dependency = "redis";

    private const int LongestPrefix = 32;

    // The server is there but cannot serve: not what one command did wrong.
    private static readonly string[] UnhealthyPrefixes = ["LOADING", "READONLY", "OOM", "CLUSTERDOWN", "MASTERDOWN"];

    public static RedisFailureKind KindOf(Exception exception) => exception switch
    {
        RedisCircuitOpenException or CircuitOpenException => RedisFailureKind.Rejected,

        // Whoever gives up hands in a token; without one the client itself gave up the connection the command was sent on.
        OperationCanceledException { CancellationToken.CanBeCanceled: false } => RedisFailureKind.Connection,
        OperationCanceledException => RedisFailureKind.Canceled,
        TimeoutException => RedisFailureKind.Timeout,
        RedisConnectionException or SocketException or IOException or ObjectDisposedException => RedisFailureKind.Connection,
        _ => RedisFailureKind.Server,
    };

    /// <summary>The server's error prefix, such as <c>WRONGTYPE</c>, or the type of the exception.</summary>
    public static string ErrorOf(Exception exception) =>
        exception is RedisServerException ? PrefixOf(exception.Message) : exception.GetType().Name;

    /// <summary>The same in the words of OpenTelemetry: the prefix, or the full name of the exception's type.</summary>
    public static RedisError Describe(Exception exception)
    {
        var prefix = exception is RedisServerException ? ErrorOf(exception) : null;
        return new RedisError(prefix ?? exception.GetType().FullName, prefix, exception is RedisCircuitOpenException);
    }

    /// <summary>Whether it speaks against the health of the connection or the server.</summary>
    public static bool IsUnhealthy(Exception exception) => KindOf(exception) switch
    {
        RedisFailureKind.Timeout or RedisFailureKind.Connection => true,
        RedisFailureKind.Server => exception is RedisServerException && UnhealthyPrefixes.Contains(PrefixOf(exception.Message)),
        _ => false,
    };

    /// <summary>The prefix of a server's error; <c>ERR</c> for what has none.</summary>
    public static string PrefixOf(string message)
    {
        var length = message.IndexOf(' ');
        var prefix = message.AsSpan(0, length < 0 ? message.Length : length);
        foreach (var c in prefix)
        {
            if (c is not ((>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-'))
            {
                return "ERR";
            }
        }

        return prefix.Length is 0 or > LongestPrefix ? "ERR" : prefix.ToString();
    }
}
