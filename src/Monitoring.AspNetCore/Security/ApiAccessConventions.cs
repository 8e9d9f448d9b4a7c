using Microsoft.AspNetCore.Builder;

namespace Monitoring.AspNetCore.Security;

/// <summary>Says of each endpoint whom it is for; <see cref="ApiGate"/> holds it.</summary>
internal static class ApiAccessConventions
{
    public static TBuilder ForReaders<TBuilder>(this TBuilder endpoint, ApiAccess access)
        where TBuilder : IEndpointConventionBuilder => endpoint.For(ApiRole.Reader, access);

    public static TBuilder ForAdmins<TBuilder>(this TBuilder endpoint, ApiAccess access)
        where TBuilder : IEndpointConventionBuilder => endpoint.For(ApiRole.Admin, access);

    private static TBuilder For<TBuilder>(this TBuilder endpoint, ApiRole needed, ApiAccess access)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(needed);
        return access.PolicyFor(needed) is { } policy ? endpoint.RequireAuthorization(policy) : endpoint;
    }
}
