using System.Buffers.Text;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests;

/// <summary>A real server on loopback, with a clock that stands still, and its WebSocket clients.</summary>
internal sealed class KestrelHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly WebApplication _app;

    private KestrelHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()), Timeout = Patience };
    }

    public FakeClock Clock { get; private init; } = null!;

    public RecordingLoggerProvider Log { get; private init; } = null!;

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public IPerformanceMonitor Monitor => Services.GetRequiredService<IPerformanceMonitor>();

    public static async Task<KestrelHost> StartAsync(Dictionary<string, string?>? settings = null, Action<WebApplication>? map = null, HttpProtocols protocols = HttpProtocols.Http1, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        builder.Configuration.AddInMemoryCollection([new("Monitoring:System:Enabled", "false"), .. settings ?? []]);
        var (clock, log) = (new FakeClock(), new RecordingLoggerProvider());
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock).AddMonitoring(builder.Configuration.GetSection("Monitoring"));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        if (map is null)
        {
            app.MapMonitoring();
        }
        else
        {
            map(app);
        }

        await app.StartAsync();
        return new KestrelHost(app) { Clock = clock, Log = log };
    }

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Opens a feed.</summary>
    public async Task<ClientWebSocket> ConnectAsync(Action<ClientWebSocketOptions>? change = null, string? key = null, Version? version = null, string path = $"{MonitoringHost.Prefix}/live")
    {
        var socket = Socket(change, key, version);
        using var patience = new CancellationTokenSource(Patience);
        var address = new UriBuilder(Client.BaseAddress!) { Scheme = "ws", Path = path }.Uri;
        await (version is null ? socket.ConnectAsync(address, patience.Token) : socket.ConnectAsync(address, Http2, patience.Token));
        return socket;
    }

    /// <summary>The status with which a feed was refused.</summary>
    public async Task<HttpStatusCode> RefusalAsync(Action<ClientWebSocketOptions>? change = null, string? key = null)
    {
        using var socket = Socket(change, key, version: null);
        using var patience = new CancellationTokenSource(Patience);
        var connect = () => socket.ConnectAsync(new UriBuilder(Client.BaseAddress!) { Scheme = "ws", Path = $"{MonitoringHost.Prefix}/live" }.Uri, patience.Token);
        await connect.Should().ThrowAsync<WebSocketException>();
        return socket.HttpStatusCode;
    }

    public static async Task SendAsync(WebSocket socket, string message, WebSocketMessageType type = WebSocketMessageType.Text)
    {
        using var patience = new CancellationTokenSource(Patience);
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), type, endOfMessage: true, patience.Token);
    }

    /// <summary>The next message; null when the server closes instead.</summary>
    public static async Task<byte[]?> ReceiveAsync(WebSocket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, patience.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return message.ToArray();
            }
        }
    }

    public static async Task<JsonElement> AskAsync(WebSocket socket, string message)
    {
        await SendAsync(socket, message);
        using var document = JsonDocument.Parse((await ReceiveAsync(socket))!);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Http2.Dispose();
        await _app.DisposeAsync();
    }

    private HttpMessageInvoker Http2 { get; } = new(new SocketsHttpHandler());

    private static ClientWebSocket Socket(Action<ClientWebSocketOptions>? change, string? key, Version? version)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol("monitoring.v1");
        if (key is not null)
        {
            socket.Options.AddSubProtocol($"monitoring.key.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key))}");
        }

        if (version is not null)
        {
            socket.Options.HttpVersion = version;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        change?.Invoke(socket.Options);
        return socket;
    }
}
