using System.Collections.Concurrent;
using System.Diagnostics;
using Monitoring.Requests;

namespace Monitoring.AspNetCore.Requests;

/// <summary>
/// One request while it goes on: a feature of its context. Pooled, so that a request allocates nothing. Belongs to the request's flow;
/// it is taken off the context before it goes back to the pool, so that who asks the context late finds none.
/// </summary>
internal sealed class MonitoredRequest
{
    // Bounds what an outburst leaves behind; those beyond it are garbage, not lost.
    private const int PoolLimit = 1024;
    private static readonly ConcurrentQueue<MonitoredRequest> Pool = new();
    private static int PoolCount;

    private MonitoredRequest()
    {
    }

    public RequestMonitoringMiddleware Middleware { get; private set; } = null!;

    public RequestTicket Ticket { get; private set; }

    public Activity? Activity { get; private set; }

    public string Method { get; private set; } = "";

    /// <summary>Route template; null while it is not known.</summary>
    public string? Endpoint { get; private set; }

    public bool? CacheHit { get; set; }

    /// <summary>The rest of the pipeline; null when it threw at once.</summary>
    public Task? Pipeline { get; set; }

    /// <summary>What the rest of the pipeline threw at once.</summary>
    public Exception? Thrown { get; set; }

    /// <summary>The exception that the rest of the pipeline ended with; null when it did not. For a request that has ended.</summary>
    public Exception? Failure => Thrown ?? Pipeline switch
    {
        { IsFaulted: true, Exception: { } exception } => exception.InnerException ?? exception,
        { IsCanceled: true } canceled => new TaskCanceledException(canceled),
        _ => null,
    };

    public static MonitoredRequest Rent(RequestMonitoringMiddleware middleware, in RequestTicket ticket, Activity? activity, string method, string? endpoint)
    {
        if (Pool.TryDequeue(out var request))
        {
            Interlocked.Decrement(ref PoolCount);
        }
        else
        {
            request = new MonitoredRequest();
        }

        (request.Middleware, request.Ticket, request.Activity, request.Method, request.Endpoint) = (middleware, ticket, activity, method, endpoint);
        return request;
    }

    public void Return()
    {
        (Middleware, Ticket, Activity, Method, Endpoint, CacheHit, Pipeline, Thrown) = (null!, default, null, "", null, null, null, null);
        if (Volatile.Read(ref PoolCount) < PoolLimit)
        {
            Interlocked.Increment(ref PoolCount);
            Pool.Enqueue(this);
        }
    }
}
