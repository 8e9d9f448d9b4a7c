using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Services;

namespace Monitoring.AspNetCore.Tests;

public sealed class SystemAndServiceEndpointTests
{
    private static readonly Dictionary<string, string?> Sampling = new(MonitoringHost.BothKeys) { ["Monitoring:System:Enabled"] = "true" };

    [Fact]
    public async Task The_system_is_served_with_what_this_machine_has()
    {
        await using var host = await MonitoringHost.StartAsync(Sampling);
        host.Clock.Advance(TimeSpan.Zero);

        using var answer = await host.GetAsync("system?window=15m", MonitoringHost.ReaderKey);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var root = json.RootElement;
        root.GetProperty("windowMs").GetDouble().Should().Be(900_000);
        root.GetProperty("count").GetInt32().Should().Be(1);
        root.GetProperty("memory").GetProperty("workingSetBytes").GetInt64().Should().BePositive();
        root.GetProperty("memory").GetProperty("usagePercent").GetDouble().Should().BeInRange(0.1, 100);
        root.GetProperty("cpu").GetProperty("allowedProcessors").GetDouble().Should().BePositive();
        root.GetProperty("cpu").GetProperty("usagePercent").ValueKind.Should().Be(JsonValueKind.Null, "it takes two samples");
        root.GetProperty("process").GetProperty("uptimeMs").GetDouble().Should().BePositive();
        root.GetProperty("threadPool").GetProperty("queueDelayMs").GetDouble().Should().BeGreaterThanOrEqualTo(0);
        root.GetProperty("gc").GetProperty("pauseTotalMs").GetDouble().Should().BeGreaterThanOrEqualTo(0);
        root.GetProperty("disks").GetArrayLength().Should().BePositive();
        root.GetProperty("history").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Services_are_served_with_their_history()
    {
        var answers = new Queue<ServiceProbeResult>([ServiceProbeResult.Healthy, ServiceProbeResult.Critical("It is <gone>."), ServiceProbeResult.Critical("It is <gone>.")]);
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, services: services => services.AddMonitoring()
            .AddServiceProbe("orders", (_, _) => new(answers.Dequeue()), options => (options.JitterPercent, options.FailuresToCritical) = (0, 2)));
        host.Clock.Advance(TimeSpan.FromSeconds(64));

        using var answer = await host.GetAsync("services/health?window=30m", MonitoringHost.ReaderKey);

        answer.StatusCode.Should().Be(HttpStatusCode.OK, "that the answer is bad news is no failure of it");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var root = json.RootElement;
        (root.GetProperty("status").GetString(), root.GetProperty("critical").GetInt32(), root.GetProperty("windowMs").GetDouble()).Should().Be(("Critical", 1, 1_800_000));
        var service = root.GetProperty("services")[0];
        (service.GetProperty("name").GetString(), service.GetProperty("kind").GetString(), service.GetProperty("description").GetString()).Should().Be(("orders", "custom", "It is <gone>."));
        (service.GetProperty("responseTimeMs").GetDouble(), service.GetProperty("uptimePercent").GetDouble(), service.GetProperty("observedMs").GetDouble()).Should().Be((0, 100 * 60.0 / 64, 64_000));
        service.GetProperty("history").EnumerateArray().Select(change => change.GetProperty("to").GetString()).Should().Equal("Critical", "Warning", "Healthy");
        host.Monitor.GetActiveAlerts().Should().Contain(alert => alert.Key == "service-health.orders" && alert.Message == "Service orders is down: It is <gone>.");
    }

    [Fact]
    public async Task Without_a_service_the_status_is_unknown()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        using var answer = await host.GetAsync("services/health", MonitoringHost.ReaderKey);

        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"status\":\"Unknown\",\"count\":0");
    }

    [Theory]
    [InlineData("system?window=2h")]
    [InlineData("services/health?window=nonsense")]
    public async Task A_bad_window_is_refused(string path)
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        using var answer = await host.GetAsync(path, MonitoringHost.ReaderKey);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Both_are_scraped()
    {
        await using var host = await MonitoringHost.StartAsync(Sampling, services: services => services.AddMonitoring()
            .AddServiceProbe("orders", static (_, _) => new(ServiceProbeResult.Critical("no")), static options => (options.FailuresToCritical, options.IsOptional) = (1, true)));
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        using var answer = await host.GetAsync("prometheus", MonitoringHost.ReaderKey);

        var text = await answer.Content.ReadAsStringAsync();
        text.Should().Contain("monitoring_service_health{service=\"orders\"} 1\n").And.Contain("monitoring_service_failures_total{service=\"orders\"} 1\n").And.Contain("monitoring_service_uptime_ratio{service=\"orders\"} 0\n")
            .And.NotContain("monitoring_service_response_time_seconds{", "it never answered").And.Contain("monitoring_overflow_total{table=\"services\"} 0\n")
            .And.Contain("monitoring_system_memory_utilization_ratio 0.").And.Contain("monitoring_process_cpu_time_seconds_total ").And.Contain("monitoring_dotnet_gc_collections_total{generation=\"gen2\"} ")
            .And.Contain("monitoring_system_filesystem_utilization_ratio{mountpoint=\"/\"} ");
    }
}
