using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Monitoring.AspNetCore.Security;

/// <summary>
/// Whether a browser says that a page of another site makes this request. The rule is that of Go's <c>net/http.CrossOriginProtection</c>
/// (https://pkg.go.dev/net/http#CrossOriginProtection): <c>Sec-Fetch-Site</c> decides, which pages cannot set; where a browser is too old
/// to send it, <c>Origin</c> has to name the host that is asked; who sends neither is no browser and is judged by its credentials alone.
/// </summary>
internal static class CrossSite
{
    private const string SecFetchSite = "Sec-Fetch-Site";

    /// <summary>
    /// True for a change, or a WebSocket, that another site asks for. Other reads pass: the browser keeps their answers from the page. For a WebSocket
    /// it does not, so there <c>Origin</c>, which browsers always send (RFC 6455, 4.1), counts besides (10.2).
    /// </summary>
    public static bool IsRefused(HttpContext context)
    {
        var request = context.Request;
        var isSocket = WebSocketHandshake.Is(context) || HttpMethods.IsConnect(request.Method);
        if (!isSocket && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            return false;
        }

        var site = request.Headers[SecFetchSite];
        var isSaid = !StringValues.IsNullOrEmpty(site);
        if (isSaid && site is not ["same-origin" or "none"])
        {
            return true;
        }

        var origin = request.Headers.Origin;
        return (isSocket || !isSaid) && !StringValues.IsNullOrEmpty(origin) && !(origin is [{ } only] && Names(only, request.Host));
    }

    // Host has no scheme, so http and https of one host are not told apart, as in Go; a port that is left out is that of the origin's scheme.
    private static bool Names(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && host.HasValue
        && uri.IdnHost.Equals(host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && (host.Port is { } port ? port == uri.Port : uri.IsDefaultPort);
}
