using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Endpoints;

namespace Monitoring.AspNetCore.Security;

/// <summary>Decides who may use an endpoint, and how often: the host's authorization where it speaks, otherwise the keys, otherwise this machine.</summary>
internal sealed class ApiAccess(MonitoringApiOptions options, ApiLimits limits, ILogger logger)
{
    private readonly ApiKeys _keys = new(options.ReaderKey, options.AdminKey);

    public MonitoringApiOptions Options => options;

    /// <summary>Null when the request may pass; otherwise the refusal.</summary>
    public IResult? Check(HttpContext context, ApiRole needed)
    {
        var byHost = RoleByHost(context.GetEndpoint());
        var byKey = ApiRole.None;
        if (byHost != ApiRole.Admin && _keys.Any && ApiKeys.AreSent(context.Request))
        {
            // Who has tried too many wrong keys is not told whether this one is right.
            var address = ApiLimits.AddressOf(context);
            if (limits.Look(ApiLimit.FailedKeys, address) is { } blocked)
            {
                return TooMany(context, ApiLimit.FailedKeys, blocked);
            }

            byKey = _keys.RoleOf(context.Request);
            if (byKey == ApiRole.None && byHost == ApiRole.None)
            {
                limits.Take(ApiLimit.FailedKeys, address);
            }
        }

        var limit = needed == ApiRole.Admin ? ApiLimit.Changes : ApiLimit.Reads;
        if (limits.Take(limit, ApiLimits.CallerOf(context, byKey)) is { } wait)
        {
            return TooMany(context, limit, wait);
        }

        var role = byHost > byKey ? byHost : byKey;
        if (role == ApiRole.None && !_keys.Any && LocalCaller.Is(context))
        {
            role = ApiRole.Reader;
        }

        if (role >= needed)
        {
            return null;
        }

        if (needed == ApiRole.Admin)
        {
            ApiLog.AdminRefused(logger, context.Connection.RemoteIpAddress, role);
        }

        return role == ApiRole.None ? Unauthorized(context) : Problems.For(StatusCodes.Status403Forbidden, "Only an administrator may do this.");
    }

    public string? PolicyFor(ApiRole needed) => needed == ApiRole.Admin ? options.AdminPolicy : options.ReaderPolicy;

    // The authorization middleware has run before us; a request that it refused never gets here. AllowAnonymous
    // switches it off, and then it has vouched for nobody. Only the admin policy itself makes an administrator.
    private ApiRole RoleByHost(Endpoint? endpoint)
    {
        if (endpoint is null || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return ApiRole.None;
        }

        var demands = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
        if (options.AdminPolicy is { } admin && demands.Any(demand => demand.Policy == admin))
        {
            return ApiRole.Admin;
        }

        return demands.Count > 0 ? ApiRole.Reader : ApiRole.None;
    }

    private IResult TooMany(HttpContext context, ApiLimit limit, TimeSpan wait)
    {
        ApiLog.Limited(logger, context.Connection.RemoteIpAddress, limit);
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Problems.For(StatusCodes.Status429TooManyRequests, limit == ApiLimit.FailedKeys
            ? "Too many wrong keys came from this address; try again later."
            : "Too many requests; try again later.");
    }

    private IResult Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"monitoring\"";
        return Problems.For(StatusCodes.Status401Unauthorized, _keys.Any
            ? "Send a valid key as X-Api-Key or as Authorization: Bearer."
            : $"Only this machine may read until a key is set in {MonitoringApiOptions.Section}.");
    }
}
