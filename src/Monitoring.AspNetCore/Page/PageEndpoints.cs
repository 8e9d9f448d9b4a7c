using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Page;

/// <summary>Serves the dashboard's page. Nothing in it is secret: what it shows it asks of the API, as whoever looks at it.</summary>
internal static partial class PageEndpoints
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(RouteGroupBuilder group, string? readerPolicy)
    {
        var page = group.MapMethods("", Read, static context => WriteAsync(context));
        if (readerPolicy is not null)
        {
            page.RequireAuthorization(readerPolicy);
        }

        group.MapMethods("assets/{name}", Read, static (HttpContext context, string name) => Asset(context, name));
    }

    private static Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        ApiHeaders.Set(response);
        if (!context.Request.Path.HasValue || !context.Request.Path.Value.EndsWith('/'))
        {
            response.StatusCode = StatusCodes.Status302Found;
            response.Headers.Location = WithSlash(context.Request);
            return Task.CompletedTask;
        }

        var endpoints = context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints;
        if (context.GetEndpoint() is not RouteEndpoint page || ApiAddress.From(page, endpoints) is not { } api)
        {
            response.StatusCode = StatusCodes.Status500InternalServerError;
            response.ContentType = "text/plain; charset=utf-8";
            return response.WriteAsync("The dashboard has no API to ask: call app.MapMonitoring() too, in the same application.", context.RequestAborted);
        }

        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var html = MetaApi().Replace(PageFiles.Built.Index, $"""<meta name="monitoring-api" content="{HtmlEncoder.Default.Encode(api)}" />""", 1).Replace("{nonce}", nonce, StringComparison.Ordinal);
        response.Headers.ContentSecurityPolicy = PolicyWith(nonce);
        response.ContentType = "text/html; charset=utf-8";
        var bytes = Encoding.UTF8.GetBytes(html);
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    // https://www.w3.org/TR/CSP3/ – 'self' of connect-src takes in the WebSocket of the same host.
    private static string PolicyWith(string nonce) =>
        $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    // Relative, and only the last segment of what was asked for: right behind any proxy that leaves that, and never another site.
    private static string WithSlash(HttpRequest request)
    {
        var path = request.PathBase.Add(request.Path).ToUriComponent();
        return $"./{path[(path.LastIndexOf('/') + 1)..]}/{request.QueryString.ToUriComponent()}";
    }

    private static IResult Asset(HttpContext context, string name)
    {
        ApiHeaders.Set(context.Response);
        if (!PageFiles.Built.Assets.TryGetValue(name, out var asset))
        {
            return TypedResults.NotFound();
        }

        var headers = context.Response.Headers;
        var sent = asset.For(context.Request.Headers.AcceptEncoding!);
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (sent.Encoding is not null)
        {
            headers.ContentEncoding = sent.Encoding;
        }

        return TypedResults.Bytes(sent.Bytes, asset.MediaType, entityTag: sent.Tag);
    }

    [GeneratedRegex("""<meta name="monitoring-api"[^>]*>""")]
    private static partial Regex MetaApi();
}
