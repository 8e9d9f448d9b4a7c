using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace Monitoring.Redis.Diagnostics;

/// <summary>How the monitor's own connection is made: to the same servers, with the same credentials, as light as can be.</summary>
internal static class DiagnosticsConfiguration
{
    /// <summary>The name that the servers show for it (<c>CLIENT LIST</c>).</summary>
    public const string ClientName = "monitoring";

    // No socket for subscriptions, and no CONFIG GET that a user without rights would have in the server's ACL log.
    private static readonly HashSet<string> Unused = ["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "CONFIG"];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    // Sockets and replies of the monitor have one thread of their own, started with the first connection: neither a starved
    // thread pool nor the application's traffic delays what it reads. It is never disposed, as SER's shared one is not.
    private static readonly Lazy<SocketManager> Sockets = new(static () => new SocketManager(ClientName, 1, SocketManager.SocketManagerOptions.None));

    /// <summary>The options of the monitor's connection beside <paramref name="inner"/>.</summary>
    /// <param name="inner">The application's connection.</param>
    /// <param name="given">What the application says instead of the inner one's configuration.</param>
    /// <param name="options">The options; their text holds the password and is for nobody's log.</param>
    /// <param name="reason">Why there are none; null where that surprises nobody.</param>
    public static bool TryCreate(
        IConnectionMultiplexer inner, ConfigurationOptions? given, [NotNullWhen(true)] out ConfigurationOptions? options, out string? reason)
    {
        (options, reason) = (null, null);
        if (inner.GetEndPoints(configuredOnly: true) is not { Length: > 0 } endPoints)
        {
            // A stand-in in somebody's test.
            return false;
        }

        options = given?.Clone() ?? Parse(inner.Configuration, out reason);
        if (options is null)
        {
            return false;
        }

        foreach (var endPoint in options.EndPoints.Count == 0 ? endPoints : [])
        {
            options.EndPoints.Add(endPoint);
        }

        Lighten(options);
        return true;
    }

    private static ConfigurationOptions? Parse(string? configuration, out string? reason)
    {
        reason = null;
        if (string.IsNullOrWhiteSpace(configuration))
        {
            reason = "its configuration is empty";
            return null;
        }

        try
        {
            return ConfigurationOptions.Parse(configuration, ignoreUnknown: true);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            // The exception's text may quote the configuration.
            reason = "its configuration cannot be read";
            return null;
        }
    }

    private static void Lighten(ConfigurationOptions options)
    {
        options.ClientName = ClientName;
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = (int)Timeout.TotalMilliseconds;
        options.SyncTimeout = (int)Timeout.TotalMilliseconds;
        options.AsyncTimeout = (int)Timeout.TotalMilliseconds;
        options.ConfigurationChannel = "";
        options.TieBreaker = "";
        options.Protocol = RedisProtocol.Resp2;
        options.SocketManager = Sockets.Value;
        options.ReconnectRetryPolicy = new ExponentialRetry(1_000, 30_000);

        // A proxy, a sentinel or the application has a map of its own, with commands left out or renamed.
        if (ReferenceEquals(options.CommandMap, CommandMap.Default))
        {
            options.CommandMap = CommandMap.Create(Unused, available: false);
        }
    }
}
