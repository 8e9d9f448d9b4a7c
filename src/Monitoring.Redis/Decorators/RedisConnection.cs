using System.Net;
using Microsoft.Extensions.Logging;
using Monitoring.CircuitBreakers;
using Monitoring.Redis.Diagnostics;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// What the monitor knows of one multiplexer: its name, its circuit, its funnel, and how often it lost its connections.
/// Dispose ends its place in the summary; the multiplexer itself is not touched.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly IDisposable _registration;
    private long _failures;
    private long _restores;
    private int _disposed;

    public RedisConnection(IConnectionMultiplexer inner, IPerformanceMonitor monitor, RedisConnectionOptions options, bool ownsInner, ILogger? logger = null)
    {
        Inner = inner;
        Monitor = monitor;
        OwnsInner = ownsInner;
        Name = string.IsNullOrWhiteSpace(options.Name) ? NameOf(inner) : options.Name;
        Circuit = options.UseCircuitBreaker ? monitor.CircuitBreakers.GetOrAdd(Name, RedisFailure.IsUnhealthy, ProbeAsync) : null;
        Funnel = new RedisFunnel(monitor.Redis, new RedisTarget(monitor.Redis, Circuit));
        inner.ConnectionFailed += CountFailure;
        inner.ConnectionRestored += CountRestore;
        Diagnostics = RedisDiagnostics.Attach(inner, monitor.Redis, options, Name, logger);
        _registration = monitor.Redis.AddConnection(ReadStatus);
    }

    public IConnectionMultiplexer Inner { get; }

    public IPerformanceMonitor Monitor { get; }

    /// <summary>Whether disposing the monitored multiplexer disposes the inner one. Not for an instance that the application handed to a container.</summary>
    public bool OwnsInner { get; }

    public string Name { get; }

    public CircuitBreaker? Circuit { get; }

    public RedisFunnel Funnel { get; }

    /// <summary>What its servers are asked on a connection of the monitor's own; null where they are not.</summary>
    public RedisDiagnostics? Diagnostics { get; }

    public void Dispose()
    {
        // A multiplexer may be closed and disposed; the circuit is released once.
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        if (Circuit is not null)
        {
            Monitor.CircuitBreakers.Release(Circuit);
        }

        Diagnostics?.Dispose();
        Inner.ConnectionFailed -= CountFailure;
        Inner.ConnectionRestored -= CountRestore;
        _registration.Dispose();
    }

    // Asked of the inner multiplexer: a probe is no operation of the application's.
    private async Task ProbeAsync(CancellationToken cancellationToken) =>
        await Inner.GetDatabase().PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);

    private RedisConnectionStatus ReadStatus() => new()
    {
        Name = Name,
        IsConnected = Inner.IsConnected,
        EndPoints = Array.ConvertAll(Inner.GetEndPoints(), Text),
        Failures = Volatile.Read(ref _failures),
        Restores = Volatile.Read(ref _restores),
    };

    // The endpoints it was configured with: they do not change when a cluster is discovered, and two services of one
    // name on one machine still differ.
    private static string NameOf(IConnectionMultiplexer inner)
    {
        var endPoints = inner.GetEndPoints(configuredOnly: true);
        return endPoints is { Length: > 0 } ? string.Join(',', endPoints.Select(Text)) : "redis";
    }

    private static string Text(EndPoint endPoint) => endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endPoint.ToString() ?? "";

    private void CountFailure(object? sender, ConnectionFailedEventArgs arguments) => Interlocked.Increment(ref _failures);

    private void CountRestore(object? sender, ConnectionFailedEventArgs arguments) => Interlocked.Increment(ref _restores);
}
