using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Endpoints;

namespace Monitoring.AspNetCore.Security;

/// <summary>Decides who may use an endpoint: the host's authorization where it speaks, otherwise the keys, otherwise this machine.</summary>
internal sealed class ApiAccess(MonitoringApiOptions options, ILogger logger)
{
    private readonly ApiKeys _keys = new(options.ReaderKey, options.AdminKey);

    /// <summary>Null when the request may pass; otherwise the refusal.</summary>
    public IResult? Check(HttpContext context, ApiRole needed)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";

        var role = RoleOf(context);
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

    private ApiRole RoleOf(HttpContext context)
    {
        var byHost = RoleByHost(context.GetEndpoint());
        if (byHost == ApiRole.Admin)
        {
            return byHost;
        }

        var byKey = _keys.RoleOf(context.Request);
        if (byKey == ApiRole.None && !_keys.Any && LocalCaller.Is(context))
        {
            byKey = ApiRole.Reader;
        }

        return byKey > byHost ? byKey : byHost;
    }

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

    private IResult Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"monitoring\"";
        return Problems.For(StatusCodes.Status401Unauthorized, _keys.Any
            ? "Send a valid key as X-Api-Key or as Authorization: Bearer."
            : $"Only this machine may read until a key is set in {MonitoringApiOptions.Section}.");
    }

    public string? PolicyFor(ApiRole needed) => needed == ApiRole.Admin ? options.AdminPolicy : options.ReaderPolicy;
}
