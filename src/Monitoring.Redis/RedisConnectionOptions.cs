using StackExchange.Redis;

namespace Monitoring.Redis;

/// <summary>How one multiplexer is monitored.</summary>
public sealed class RedisConnectionOptions
{
    /// <summary>
    /// Name of the connection and of its circuit. Default: the endpoints it was configured with. Multiplexers of one name
    /// share one circuit.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Whether a circuit breaker fails its commands fast while Redis is away. Default true.</summary>
    public bool UseCircuitBreaker { get; set; } = true;

    /// <summary>
    /// What one circuit stands for. Default <see cref="RedisCircuitScope.Multiplexer"/>. Of no effect without
    /// <see cref="UseCircuitBreaker"/>.
    /// </summary>
    public RedisCircuitScope CircuitScope { get; set; }

    /// <summary>
    /// Whether the monitor opens a connection of its own to the same servers, for the server page, the network probe and
    /// stream groups. Default true. It shares the credentials of the monitored one and never its sockets.
    /// </summary>
    public bool UseDiagnostics { get; set; } = true;

    /// <summary>
    /// How the monitor's own connection is made. Default null: as the monitored one's <c>Configuration</c> says. Needed
    /// where that cannot be written as text, such as with certificates chosen in code, or to use other credentials.
    /// </summary>
    public ConfigurationOptions? DiagnosticsConfiguration { get; set; }
}
