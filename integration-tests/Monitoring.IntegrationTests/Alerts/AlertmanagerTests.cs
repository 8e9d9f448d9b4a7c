using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Alerts;

/// <summary>A real Alertmanager shows what a real monitor finds.</summary>
public sealed class AlertmanagerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Trouble _trouble = new();
    private readonly HttpClient _client = new();
    private ServerProcess _server = null!;

    public async Task InitializeAsync() => _server = await ServerProcess.StartAlertmanagerAsync();

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Shows_an_alert_as_active_and_then_as_over()
    {
        // Valid for two hours: what is over sooner was resolved by its end, and has not merely expired.
        await using var services = Start(TimeSpan.FromMinutes(30));

        _trouble.Level = 2;
        var active = await WaitForAsync(static alerts => alerts.Count == 1, "one alert");
        active[0].GetProperty("status").GetProperty("state").GetString().Should().Be("active");
        var labels = active[0].GetProperty("labels");
        labels.GetProperty("alertname").GetString().Should().Be("backpressure");
        labels.GetProperty("severity").GetString().Should().Be("critical");
        labels.GetProperty("service").GetString().Should().Be("shop");
        active[0].GetProperty("annotations").GetProperty("summary").GetString().Should().Be(services.GetRequiredService<IPerformanceMonitor>().Alerts.GetActive().Single().Message);

        _trouble.Level = 0;
        await WaitForAsync(static alerts => alerts.Count == 0, "no alert");
    }

    [Fact]
    public async Task A_change_of_severity_leaves_one_alert()
    {
        await using var services = Start(TimeSpan.FromMinutes(30));

        _trouble.Level = 1;
        await WaitForAsync(static alerts => Severities(alerts) is ["warning"], "a warning");
        _trouble.Level = 2;
        await WaitForAsync(static alerts => Severities(alerts) is ["critical"], "a critical alert and no warning");
        _trouble.Level = 0;
        await WaitForAsync(static alerts => alerts.Count == 0, "no alert");
    }

    [Fact]
    public async Task An_alert_that_goes_on_outlives_its_validity_and_ends_with_its_process()
    {
        // Valid for a minute, and said again every 15 s.
        var services = Start(TimeSpan.FromSeconds(15));
        _trouble.Level = 2;
        var first = await WaitForAsync(static alerts => alerts.Count == 1, "one alert");

        var firstEnd = EndOf(first[0]);
        await WaitForAsync(alerts => alerts is [var only] && EndOf(only) > firstEnd, "the alert, valid for longer");

        // Nobody says that it is over: its validity ends.
        await services.DisposeAsync();
        await WaitForAsync(static alerts => alerts.Count == 0, "no alert");
    }

    private static DateTimeOffset EndOf(JsonElement alert) => alert.GetProperty("endsAt").GetDateTimeOffset();

    private static string[] Severities(List<JsonElement> alerts) => [.. alerts.Select(static alert => alert.GetProperty("labels").GetProperty("severity").GetString()!)];

    private ServiceProvider Start(TimeSpan repeatInterval)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IMetricSource>(_trouble);
        services.AddMonitoring(static options => (options.Alerts.GroupInterval, options.System.Enabled) = (TimeSpan.FromSeconds(1), false)).AddAlertmanager(options =>
        {
            options.Url = $"http://{_server.EndPoint}";
            options.RepeatInterval = repeatInterval;
            options.Labels["service"] = "shop";
        });
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IPerformanceMonitor>();
        return provider;
    }

    private async Task<List<JsonElement>> WaitForAsync(Func<List<JsonElement>, bool> condition, string what)
    {
        List<JsonElement> alerts = [];
        await Eventually.Async(
            async () =>
            {
                alerts = (await _client.GetFromJsonAsync<List<JsonElement>>($"http://{_server.EndPoint}/api/v2/alerts"))!;
                return condition(alerts);
            },
            Patience,
            () => $"Alertmanager does not show {what}, but: {JsonSerializer.Serialize(alerts)}");
        return alerts;
    }

    private sealed class Trouble : IMetricSource
    {
        private volatile int _level;

        public int Level
        {
            set => _level = value;
        }

        public void Collect(ICollection<MetricReading> readings, TimeSpan window) => readings.Add(new MetricReading(MetricNames.Backpressure, _level, "test"));
    }
}
