using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Services;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Services;

/// <summary>Probes of real services, every second.</summary>
public sealed class ServiceProbeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task An_http_endpoint_is_healthy_by_its_status_and_by_nobody_elses()
    {
        var handled = 0;
        await using var elsewhere = await StartAsync(app => app.MapGet("/", () => "fine"));
        var target = Address(elsewhere);
        await using var web = await StartAsync(app =>
        {
            app.MapGet("/ok", () => Interlocked.Increment(ref handled));
            app.MapGet("/teapot", () => Results.StatusCode(418));
            app.MapGet("/away", () => Results.Redirect(target.ToString()));
            app.MapGet("/broken", () => Results.StatusCode(500));
            app.MapGet("/endless", EndlessAsync);
            app.MapGet("/silent", (CancellationToken token) => Task.Delay(Timeout.Infinite, token));
        });
        var address = Address(web);
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } });
        using var following = new HttpClient();
        Add("ok", new HttpProbeOptions());
        Add("teapot", new HttpProbeOptions { ExpectedStatus = 418 });
        Add("away", new HttpProbeOptions());
        Add("broken", new HttpProbeOptions());
        Add("endless", new HttpProbeOptions { DegradedAfter = null });
        Add("silent", new HttpProbeOptions { Timeout = TimeSpan.FromMilliseconds(500) });
        monitor.Services.Add("followed", new Uri(address, "away"), Quick(new HttpProbeOptions { Client = following }));

        await ShouldBecomeAsync(monitor, "ok", ServiceStatus.Healthy);
        await ShouldBecomeAsync(monitor, "teapot", ServiceStatus.Healthy);
        await ShouldBecomeAsync(monitor, "endless", ServiceStatus.Healthy);
        (await ShouldBecomeAsync(monitor, "away", ServiceStatus.Critical)).LastError.Should().Be("It answered 302 where 200 to 299 is expected; redirects are not followed.");
        (await ShouldBecomeAsync(monitor, "followed", ServiceStatus.Critical)).LastError.Should().Be("127.0.0.1 answered in its place.");
        (await ShouldBecomeAsync(monitor, "broken", ServiceStatus.Critical)).LastError.Should().Be("It answered 500 where 200 to 299 is expected.");
        (await ShouldBecomeAsync(monitor, "silent", ServiceStatus.Critical)).LastError.Should().StartWith("It did not answer within 500 ms");
        handled.Should().BePositive();

        await web.StopAsync();
        (await ShouldBecomeAsync(monitor, "ok", ServiceStatus.Critical)).LastError.Should().Be("SocketException: ConnectionRefused");
        monitor.Redis.Errors.Count.Should().Be(0);

        void Add(string path, HttpProbeOptions options) => monitor.Services.Add(path, new Uri(address, path), Quick(options)).Should().BeTrue();
    }

    [Fact]
    public async Task A_port_is_healthy_while_somebody_listens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var monitor = PerformanceMonitor.Create(new MonitoringOptions { System = { Enabled = false } });
        monitor.Services.Add("port", "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, Quick(new ServiceProbeOptions()));
        await ShouldBecomeAsync(monitor, "port", ServiceStatus.Healthy);

        listener.Stop();

        (await ShouldBecomeAsync(monitor, "port", ServiceStatus.Critical)).LastError.Should().Be("SocketException: ConnectionRefused");
        await Eventually.Async(() => Task.FromResult(monitor.Alerts.GetActive().Any(static alert => alert.Key == "service-health.port")), Patience, () => "the alert should fire");
    }

    [Fact]
    public async Task Redis_is_critical_while_it_is_down_and_is_brought_back()
    {
        await using var server = await ServerProcess.StartRedisAsync();
        var recoveries = 0;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMonitoring(static options => options.System.Enabled = false)
            .AddRedis($"{server.EndPoint},abortConnect=false,syncTimeout=1000,asyncTimeout=1000")
            .AddRedisProbe(configure: options =>
            {
                Quick(options);
                options.Timeout = TimeSpan.FromSeconds(2);
                options.Recover = (_, _) =>
                {
                    Interlocked.Increment(ref recoveries);
                    return ValueTask.CompletedTask;
                };
            });
        using var host = builder.Build();
        await host.StartAsync();
        var monitor = host.Services.GetRequiredService<IPerformanceMonitor>();
        await ShouldBecomeAsync(monitor, "redis", ServiceStatus.Healthy);
        monitor.GetRedisOperationSummary().OperationsByType.Should().ContainKey("PING", "it goes the way of the application's commands");

        await server.KillAsync();
        await ShouldBecomeAsync(monitor, "redis", ServiceStatus.Critical);
        await Eventually.Async(() => Task.FromResult(Volatile.Read(ref recoveries) > 0), Patience, () => "an attempt should be made to bring it back");
        await Eventually.Async(() => Task.FromResult(monitor.Audit.GetEntries().Any(entry => entry is { Action: "service.recover", Target: "redis", By: "system" })), Patience, () => "it should be audited");
        await server.RestartAsync();

        (await ShouldBecomeAsync(monitor, "redis", ServiceStatus.Healthy)).UptimePercent.Should().BeInRange(0.001, 99.999);
        await host.StopAsync();
    }

    internal static TOptions Quick<TOptions>(TOptions options)
        where TOptions : ServiceProbeOptions
    {
        options.Interval = TimeSpan.FromSeconds(1);
        options.JitterPercent = 0;
        options.FailuresToCritical = 2;

        // A busy machine takes its time.
        options.DegradedAfter = null;
        return options;
    }

    internal static async Task<ServiceHealth> ShouldBecomeAsync(IPerformanceMonitor monitor, string name, ServiceStatus status)
    {
        ServiceHealth Service() => monitor.GetServiceSummary().Services.Single(service => service.Name == name);
        await Eventually.Async(() => Task.FromResult(Service().Status == status), Patience, () => $"{name} should be {status} and is {Service().Status}: {Service().LastError}");
        return Service();
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static Uri Address(WebApplication app) => new(app.Urls.Single());

    private static async Task EndlessAsync(HttpContext context)
    {
        var chunk = Encoding.ASCII.GetBytes(new string('x', 8192));
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        }
    }
}
