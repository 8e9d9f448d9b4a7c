using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Monitoring.Services;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests;

/// <summary>Through the host's own MapHealthChecks and HealthCheckService.</summary>
public sealed class HealthCheckTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeClock _clock = new();
    private readonly AilingSource _source = new();
    private ServiceProbeResult _answer = ServiceProbeResult.Healthy;
    private WebApplication? _app;

    private IPerformanceMonitor Monitor => _app!.Services.GetRequiredService<IPerformanceMonitor>();

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Each_probe_and_the_alerts_are_among_the_hosts_checks()
    {
        await StartAsync(services => services.AddHealthChecks().AddMonitoring("ready").AddCheck("own", static () => HealthCheckResult.Healthy()));
        _clock.Advance(TimeSpan.Zero);

        (await ReadAsync("/ready")).Should().Be((HttpStatusCode.OK, "Healthy", "monitoring=Healthy orders=Healthy"));
        (await ReadAsync("/all")).Text.Should().Be("monitoring=Healthy orders=Healthy own=Healthy");
    }

    [Fact]
    public async Task A_service_that_is_down_is_unhealthy_and_so_is_what_alerts_say()
    {
        await StartAsync(static services => services.AddHealthChecks().AddMonitoring("ready"));
        _answer = ServiceProbeResult.Critical("It is gone.");

        _clock.Advance(TimeSpan.Zero);
        (await ReadAsync("/ready")).Text.Should().Be("monitoring=Healthy orders=Degraded[It is gone.]", "one failure is a warning");
        _clock.Advance(TimeSpan.FromSeconds(62));

        (await ReadAsync("/ready")).Should().Be((HttpStatusCode.ServiceUnavailable, "Unhealthy", "monitoring=Unhealthy[1 alerts are active, 1 of them critical.] orders=Unhealthy[It is gone.]"));
    }

    [Fact]
    public async Task One_that_was_not_asked_yet_is_degraded_and_keeps_the_host_in_service()
    {
        await StartAsync(static services => services.AddHealthChecks().AddMonitoring("ready"));

        (await ReadAsync("/ready")).Should().Be((HttpStatusCode.OK, "Degraded", "monitoring=Healthy orders=Degraded[It has not been asked yet.]"));
    }

    [Fact]
    public async Task A_name_that_the_host_has_taken_stays_the_hosts()
    {
        await StartAsync(static services => services.AddHealthChecks().AddMonitoring().AddCheck("orders", static () => HealthCheckResult.Unhealthy("host's")).AddCheck("monitoring", static () => HealthCheckResult.Degraded("host's")));
        _clock.Advance(TimeSpan.Zero);

        (await ReadAsync("/all")).Text.Should().Be("monitoring=Degraded[host's] monitoring-monitoring=Healthy monitoring-orders=Healthy orders=Unhealthy[host's]");
    }

    [Fact]
    public async Task The_hosts_checks_are_among_our_services_and_ours_are_not()
    {
        var host = HealthCheckResult.Degraded("The replica lags.");
        await StartAsync(
            services => services.AddHealthChecks().AddMonitoring().AddCheck("replica", () => host).AddCheck("broken", static () => throw new InvalidOperationException("password=hunter2")),
            static builder => builder.AddHealthCheckProbes(static options => (options.FailuresToCritical, options.JitterPercent, options.DegradedAfter) = (2, 0, null)));
        await TurnAsync(1);

        var services = Monitor.GetServiceSummary().Services;

        services.Select(service => (service.Name, service.Kind, service.Status)).Should().BeEquivalentTo(
            [("replica", "health-check", ServiceStatus.Warning), ("broken", "health-check", ServiceStatus.Warning), ("orders", "custom", ServiceStatus.Healthy)]);
        services.Single(service => service.Name == "replica").Description.Should().Be("The replica lags.");
        services.Single(service => service.Name == "broken").LastError.Should().Be("InvalidOperationException: password=***");

        host = HealthCheckResult.Healthy();
        await TurnAsync(2);
        Monitor.GetServiceSummary().Services.Single(service => service.Name == "replica").Status.Should().Be(ServiceStatus.Healthy);
        Monitor.GetServiceSummary().Services.Single(service => service.Name == "broken").Status.Should().Be(ServiceStatus.Critical);
        Monitor.GetActiveAlerts().Select(alert => alert.Key).Should().Contain("service-health.broken");
    }

    [Fact]
    public async Task The_host_chooses_which_of_its_checks_are_run_and_by_default_none_is()
    {
        await StartAsync(static services => services.AddHealthChecks().AddCheck("a", static () => HealthCheckResult.Healthy()));
        Monitor.GetServiceSummary().Services.Select(service => service.Name).Should().Equal("orders");
        await _app!.DisposeAsync();

        await StartAsync(
            static services => services.AddHealthChecks().AddCheck("a", static () => HealthCheckResult.Healthy()).AddCheck("orders", static () => HealthCheckResult.Healthy()),
            static builder => builder.AddHealthCheckProbes(static options => options.Predicate = static check => check.Name != "a"));
        Monitor.GetServiceSummary().Services.Select(service => service.Name).Should().BeEquivalentTo("orders", "health-check-orders");
    }

    private async Task StartAsync(Action<IServiceCollection> services, Action<IMonitoringBuilder>? monitoring = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_clock).AddSingleton<IMetricSource>(_source);
        var added = builder.Services.AddMonitoring(static options => options.System.Enabled = false)
            .AddServiceProbe("orders", (_, _) => new(_answer), static options => options.JitterPercent = 0);
        monitoring?.Invoke(added);
        services(builder.Services);
        _app = builder.Build();
        _app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready"), ResponseWriter = WriteAsync });
        _app.MapHealthChecks("/all", new HealthCheckOptions { ResponseWriter = WriteAsync });
        await _app.StartAsync();

        static Task WriteAsync(Microsoft.AspNetCore.Http.HttpContext context, HealthReport report)
        {
            context.Response.Headers["X-Status"] = report.Status.ToString();
            var entries = report.Entries.OrderBy(static entry => entry.Key, StringComparer.Ordinal)
                .Select(static entry => $"{entry.Key}={entry.Value.Status}{(entry.Value.Description is { } text && entry.Value.Status != HealthStatus.Healthy ? $"[{text}]" : "")}");
            return context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', entries))).AsTask();
        }
    }

    private async Task<(HttpStatusCode Code, string Status, string Text)> ReadAsync(string path)
    {
        using var client = _app!.GetTestClient();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, answer.Headers.GetValues("X-Status").Single(), await answer.Content.ReadAsStringAsync());
    }

    // The host's checks end on threads of their own.
    private async Task TurnAsync(int checks)
    {
        _clock.Advance(checks == 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(30));
        var started = TimeProvider.System.GetTimestamp();
        while (Monitor.GetServiceSummary().Services.Any(service => service.Checks < checks))
        {
            TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        _clock.Advance(TimeSpan.FromSeconds(2));
    }
}
