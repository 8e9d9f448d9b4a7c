using System.Security.Claims;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.Routing;

namespace Monitoring.AspNetCore.Requests;

/// <summary>What a request is called, and whose it is; nothing of it grows with what clients send.</summary>
internal static class RequestIdentity
{
    /// <summary>The endpoint of requests that match none.</summary>
    public const string Unmatched = "(unmatched)";

    /// <summary>The method of requests with one that HTTP does not know: OpenTelemetry's name for them.</summary>
    public const string OtherMethod = "_OTHER";

    private const string Subject = "sub";

    /// <summary>The route template as it was mapped.</summary>
    public static string NameOf(Endpoint? endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } template } ? (template.Length > 0 ? template : "/") : Unmatched;

    /// <summary>The endpoint that a request was for, whatever page shows its error.</summary>
    public static Endpoint? EndpointOf(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.Endpoint
        ?? context.Features.Get<IStatusCodeReExecuteFeature>()?.Endpoint
        ?? context.GetEndpoint();

    public static string MethodOf(HttpContext context)
    {
        var method = context.Request.Method;
        return HttpMethods.IsGet(method) ? HttpMethods.Get
            : HttpMethods.IsPost(method) ? HttpMethods.Post
            : HttpMethods.IsPut(method) ? HttpMethods.Put
            : HttpMethods.IsDelete(method) ? HttpMethods.Delete
            : HttpMethods.IsPatch(method) ? HttpMethods.Patch
            : HttpMethods.IsHead(method) ? HttpMethods.Head
            : HttpMethods.IsOptions(method) ? HttpMethods.Options
            : HttpMethods.IsConnect(method) ? HttpMethods.Connect
            : HttpMethods.IsTrace(method) ? HttpMethods.Trace
            : OtherMethod;
    }

    /// <summary>The authenticated user. The context's own property would make an anonymous one where there is none.</summary>
    public static ClaimsPrincipal? UserOf(HttpContext context) =>
        context.Features.Get<IHttpAuthenticationFeature>()?.User is { Identity.IsAuthenticated: true } user ? user : null;

    public static string? IdOf(ClaimsPrincipal user) =>
        user.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? user.FindFirst(Subject)?.Value ?? user.Identity?.Name;
}
