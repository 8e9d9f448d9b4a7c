using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Security;

/// <summary>What is counted.</summary>
internal enum ApiLimit
{
    Reads,
    Changes,
    FailedKeys,
}

/// <summary>
/// How often a caller may ask within a minute. A caller is a key, or else a user of the host, or else an address. Users and
/// addresses are put into a fixed number of buckets, so that no number of them costs memory; who shares a bucket cannot be
/// chosen, for the hash differs in each process. Thread-safe.
/// </summary>
internal sealed class ApiLimits(MonitoringApiOptions options) : IDisposable
{
    private const int Buckets = 4096;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<(ApiLimit Limit, int Caller)> _limiter = PartitionedRateLimiter.Create<(ApiLimit Limit, int Caller), (ApiLimit Limit, int Caller)>(
        partition => Permits(options, partition.Limit) is var permits && permits == 0
            ? RateLimitPartition.GetNoLimiter(partition)
            : RateLimitPartition.GetFixedWindowLimiter(partition, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window, QueueLimit = 0 }));

    /// <summary>Who asks: by the key when there is a right one.</summary>
    public static int CallerOf(HttpContext context, ApiRole byKey) =>
        byKey != ApiRole.None ? -(int)byKey
        : context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? Bucket(name.GetHashCode(StringComparison.Ordinal))
        : AddressOf(context);

    /// <summary>From where somebody asks. Of an IPv6 address the network counts (64 bits, RFC 4291, 2.5.4), for whoever has one has all of it.</summary>
    public static int AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[16];
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var length = address.TryWriteBytes(bytes, out var written) && address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address) ? written / 2 : written;
        var hash = default(HashCode);
        hash.AddBytes(bytes[..length]);
        return Bucket(hash.ToHashCode());
    }

    /// <summary>Counts one more.</summary>
    /// <returns>Null when it may pass, otherwise how long to wait.</returns>
    public TimeSpan? Take(ApiLimit limit, int caller) => Ask(limit, caller, permits: 1);

    /// <summary>Asks without counting.</summary>
    /// <returns>Null when there is something left, otherwise how long to wait.</returns>
    public TimeSpan? Look(ApiLimit limit, int caller) => Ask(limit, caller, permits: 0);

    public void Dispose() => _limiter.Dispose();

    private static int Permits(MonitoringApiOptions options, ApiLimit limit) => limit switch
    {
        ApiLimit.Reads => options.ReadsPerMinute,
        ApiLimit.Changes => options.ChangesPerMinute,
        _ => options.FailedKeysPerMinute,
    };

    // From 1: zero is who has no address, below are keys.
    private static int Bucket(int hash) => 1 + (int)((uint)hash % Buckets);

    private TimeSpan? Ask(ApiLimit limit, int caller, int permits)
    {
        using var lease = _limiter.AttemptAcquire((limit, caller), permits);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window;
    }
}
