using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests;

/// <summary>A host with nothing but the monitor and its API, a clock that stands still and a caller from anywhere.</summary>
internal sealed class MonitoringHost : IAsyncDisposable
{
    public const string ReaderKey = "reader-key-0123456789";
    public const string AdminKey = "admin-key-0123456789";
    public const string Prefix = "/api/performance";

    private readonly WebApplication _app;

    private MonitoringHost(WebApplication app) => _app = app;

    public static Dictionary<string, string?> BothKeys => new()
    {
        ["Monitoring:Api:ReaderKey"] = ReaderKey,
        ["Monitoring:Api:AdminKey"] = AdminKey,
        ["Monitoring:Api:ReadsPerMinute"] = "0",
        ["Monitoring:Api:ChangesPerMinute"] = "0",
        ["Monitoring:Api:FailedKeysPerMinute"] = "0",
    };

    public FakeClock Clock { get; private init; } = null!;

    public AilingSource Source { get; private init; } = null!;

    public RecordingLoggerProvider Log { get; private init; } = null!;

    public IPerformanceMonitor Monitor => _app.Services.GetRequiredService<IPerformanceMonitor>();

    public IServiceProvider Services => _app.Services;

    public IEnumerable<RouteEndpoint> Endpoints => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    public static async Task<MonitoringHost> StartAsync(
        Dictionary<string, string?>? settings = null,
        IPAddress? caller = null,
        Action<IServiceCollection>? services = null,
        Action<RouteGroupBuilder>? group = null,
        string prefix = Prefix,
        Func<IPAddress>? callers = null,
        Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();

        // How busy the machine is that runs the tests is no matter of theirs.
        builder.Configuration.AddInMemoryCollection([new("Monitoring:System:Enabled", "false")]);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        var clock = new FakeClock();
        var source = new AilingSource();
        var log = new RecordingLoggerProvider();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<IMetricSource>(source);
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"));
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = callers?.Invoke() ?? caller;
            return next(context);
        });
        var mapped = app.MapMonitoring(prefix);
        group?.Invoke(mapped);
        map?.Invoke(app);
        await app.StartAsync();
        return new MonitoringHost(app) { Clock = clock, Source = source, Log = log };
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? key = null, string? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : $"{Prefix}/{path}");
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        change?.Invoke(request);
        using var client = _app.GetTestClient();
        return await client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, key);

    public Task<HttpResponseMessage> ResolveAsync(string alert, string? key = AdminKey, string? body = "{}") =>
        SendAsync(HttpMethod.Post, $"alerts/{alert}/resolve", key, body);

    /// <summary>Lets half of the Redis operations fail until the alert about it fires.</summary>
    public string FireAlert()
    {
        Source.FailureRatePercent = 50;
        for (var second = 0; second < 120 && Monitor.GetActiveAlerts().Count == 0; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return Monitor.GetActiveAlerts().Should().ContainSingle().Which.Key;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
