using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>
/// A reverse proxy as many run one: it serves another server below a prefix of its own, which it strips and does not tell of.
/// Elsewhere than below the prefix there is nothing.
/// </summary>
internal sealed class StrippingProxy : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["Connection", "Upgrade", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Proxy-Authenticate", "Proxy-Authorization"];

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly Uri _target;

    private StrippingProxy(WebApplication app, Uri target) => (_app, _target) = (app, target);

    public Uri Address => new(_app.Urls.Single());

    public static async Task<StrippingProxy> StartAsync(string prefix, Uri target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var proxy = new StrippingProxy(app, target);
        app.UseWebSockets();
        app.Map(prefix, branch => branch.Run(proxy.ForwardAsync));
        try
        {
            await app.StartAsync();
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    // What it does not know of is the prefix, which Map has moved to the path base.
    private Task ForwardAsync(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest ? RelayAsync(context) : SendAsync(context);

    private async Task SendAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_target, context.Request.Path + context.Request.QueryString));
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(static header => !HopByHop.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var response = await _client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(static header => !HopByHop.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task RelayAsync(HttpContext context)
    {
        using var there = new ClientWebSocket();
        foreach (var protocol in context.WebSockets.WebSocketRequestedProtocols)
        {
            there.Options.AddSubProtocol(protocol);
        }

        there.Options.SetRequestHeader("Origin", context.Request.Headers.Origin);
        there.Options.SetRequestHeader("Host", context.Request.Host.Value);
        var address = new UriBuilder(new Uri(_target, context.Request.Path + context.Request.QueryString)) { Scheme = "ws" }.Uri;
        await there.ConnectAsync(address, context.RequestAborted);
        using var here = await context.WebSockets.AcceptWebSocketAsync(there.SubProtocol);
        try
        {
            await await Task.WhenAny(PumpAsync(here, there, context.RequestAborted), PumpAsync(there, here, context.RequestAborted));
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // One of the two is gone; so is the other, when this returns.
        }
    }

    private static async Task PumpAsync(WebSocket from, WebSocket to, CancellationToken stopping)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await from.ReceiveAsync(buffer.AsMemory(), stopping);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, stopping);
        }
    }
}
