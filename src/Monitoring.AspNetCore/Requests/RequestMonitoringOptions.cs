using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Requests;

/// <summary>How the middleware looks at HTTP requests. What is kept of them is set in <c>Monitoring:Requests</c>.</summary>
public sealed class RequestMonitoringOptions
{
    /// <summary>
    /// Whether responses get a <c>Server-Timing</c> header (W3C Server Timing): the time until the response starts, and that of Redis, the database and
    /// named phases within it. Default false: it tells clients how the service works, and costs some allocations.
    /// </summary>
    public bool ServerTiming { get; set; }

    /// <summary>The claim that names the tenant of a user, such as <c>tid</c>; null, the default, for none.</summary>
    public string? TenantClaim { get; set; }

    /// <summary>Tells the tenant of a request, once, when it ends; goes before <see cref="TenantClaim"/>. Null, the default, for none. What it throws is counted and swallowed.</summary>
    public Func<HttpContext, string?>? Tenant { get; set; }
}
