using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Security;

/// <summary>Says of each endpoint whom it is for.</summary>
internal static class ApiAccessConventions
{
    public static RouteHandlerBuilder ForReaders(this RouteHandlerBuilder endpoint, ApiAccess access) => endpoint.For(ApiRole.Reader, access);

    public static RouteHandlerBuilder ForAdmins(this RouteHandlerBuilder endpoint, ApiAccess access) => endpoint.For(ApiRole.Admin, access);

    private static RouteHandlerBuilder For(this RouteHandlerBuilder endpoint, ApiRole needed, ApiAccess access)
    {
        endpoint.WithMetadata(needed);
        if (access.PolicyFor(needed) is { } policy)
        {
            endpoint.RequireAuthorization(policy);
        }

        return endpoint.AddEndpointFilter((invocation, next) =>
            access.Check(invocation.HttpContext, needed) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(invocation));
    }
}
