using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
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
        var limit = needed == ApiRole.Admin ? ApiLimit.Changes : ApiLimit.Reads;
        if (CrossSite.IsRefused(context))
        {
            // Before any key is looked at: a page of another site must not use up the attempts of its visitor's address.
            return RefuseCrossSite(context, limit);
        }

        var byHost = RoleByHost(context.GetEndpoint());
        var byKey = ApiRole.None;
        if (byHost != ApiRole.Admin && _keys.Any && ApiKeys.AreSent(context))
        {
            // Who has tried too many wrong keys is not told whether this one is right.
            var address = ApiLimits.AddressOf(context);
            if (limits.Look(ApiLimit.FailedKeys, address) is { } blocked)
            {
                return TooMany(context, ApiLimit.FailedKeys, blocked);
            }

            byKey = _keys.RoleOf(context);
            if (byKey == ApiRole.None && byHost == ApiRole.None)
            {
                limits.Take(ApiLimit.FailedKeys, address);
            }
        }

        if (limits.Take(limit, ApiLimits.CallerOf(context, byKey)) is { } wait)
        {
            return TooMany(context, limit, wait);
        }

        var role = Best(context, byHost, byKey);
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

    /// <summary>What a caller who has passed may do beyond this request, and what the caller is called.</summary>
    public async Task<(ApiRole Role, string Name)> IdentifyAsync(HttpContext context)
    {
        var byKey = _keys.Any && ApiKeys.AreSent(context) ? _keys.RoleOf(context) : ApiRole.None;
        var role = Best(context, RoleByHost(context.GetEndpoint()), byKey);
        if (role != ApiRole.Admin && await IsAdminByHostAsync(context).ConfigureAwait(false))
        {
            role = ApiRole.Admin;
        }

        var name = role == ApiRole.Admin || context.User.Identity is { IsAuthenticated: true, Name.Length: > 0 } ? ApiLog.NameOf(context)
            : byKey == ApiRole.Reader ? "reader"
            : "local";
        return (role, name);
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

    // Asks as the authorization middleware would on an endpoint that changes something, with the policy's own authentication schemes.
    private async Task<bool> IsAdminByHostAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (options.AdminPolicy is null
            || context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || services.GetService<IAuthorizationPolicyProvider>() is not { } policies
            || await policies.GetPolicyAsync(options.AdminPolicy).ConfigureAwait(false) is not { } policy)
        {
            return false;
        }

        if (services.GetService<IPolicyEvaluator>() is { } evaluator)
        {
            var user = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
            return (await evaluator.AuthorizeAsync(policy, user, context, context).ConfigureAwait(false)).Succeeded;
        }

        return (await services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, context, policy).ConfigureAwait(false)).Succeeded;
    }

    private ApiRole Best(HttpContext context, ApiRole byHost, ApiRole byKey) =>
        byHost != ApiRole.None || byKey != ApiRole.None ? (byHost > byKey ? byHost : byKey)
        : !_keys.Any && LocalCaller.Is(context) ? ApiRole.Reader
        : ApiRole.None;

    private IResult RefuseCrossSite(HttpContext context, ApiLimit limit)
    {
        if (limits.Take(limit, ApiLimits.AddressOf(context)) is { } wait)
        {
            return TooMany(context, limit, wait);
        }

        ApiLog.CrossSiteRefused(logger, context.Request.Method, context.GetEndpoint()?.DisplayName, context.Connection.RemoteIpAddress);
        return Problems.For(StatusCodes.Status403Forbidden, "A page of another site may not do this.");
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
