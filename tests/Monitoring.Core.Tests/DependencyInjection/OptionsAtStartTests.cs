using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Monitoring.Core.Tests.DependencyInjection;

/// <summary>A wrong value stops the host, and the message says which key, which value, and what is allowed.</summary>
public sealed class OptionsAtStartTests
{
    [Theory]
    [InlineData("TaskQueue:Capacity", "0", "Monitoring:TaskQueue:Capacity is 0; allowed: 1 to 1000000.")]
    [InlineData("TaskQueue:Workers", "5000", "Monitoring:TaskQueue:Workers is 5000; allowed: 1 to 1024.")]
    [InlineData("Alerts:KeepFiringFor", "02:00:00", "Monitoring:Alerts:KeepFiringFor is 02:00:00; allowed: 00:00:00 to 01:00:00.")]
    [InlineData("Alerts:RecoveryWindow", "00:02:00", "Monitoring:Alerts:RecoveryWindow is 00:02:00; allowed: 00:00:01 to 00:01:00.")]
    [InlineData("Alerts:MaxActive", "0", "Monitoring:Alerts:MaxActive is 0; allowed: 1 to 100000.")]
    [InlineData("Alerts:Thresholds:RedisFailureRateWarningPercent", "NaN", "Monitoring:Alerts:Thresholds:RedisFailureRateWarningPercent is NaN; allowed: 0.1 to 100.")]
    [InlineData("Alerts:Thresholds:RedisLatencyWarning", "00:00:01", "Monitoring:Alerts:Thresholds:RedisLatencyWarning is 00:00:01; allowed: at most RedisLatencyCritical, which is 00:00:00.5000000.")]
    public async Task A_value_out_of_range_stops_the_host(string key, string value, string message)
    {
        using var host = Build(key, value);

        var starting = () => host.StartAsync();

        (await starting.Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should().Contain(message);
    }

    [Theory]
    [InlineData("TaskQueue:Capacity", "abc")]
    [InlineData("Alerts:Window", "soon")]
    [InlineData("Alerts:Thresholds:TaskProcessingTimeCritical", "never")]
    public async Task A_value_that_cannot_be_read_stops_the_host(string key, string value)
    {
        using var host = Build(key, value);

        var starting = () => host.StartAsync();

        await starting.Should().ThrowAsync<InvalidOperationException>().WithMessage($"*'{value}'*Monitoring:{key}*");
    }

    [Fact]
    public async Task Says_everything_that_is_wrong_at_once()
    {
        using var host = Build(("TaskQueue:Capacity", "0"), ("Alerts:MaxActive", "0"));

        var starting = () => host.StartAsync();

        (await starting.Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should().HaveCount(2);
    }

    [Fact]
    public void A_monitor_without_a_host_refuses_wrong_values_too()
    {
        var options = new MonitoringOptions { CircuitBreaker = { MinimumThroughput = 1 } };

        FluentActions.Invoking(() => PerformanceMonitor.Create(options)).Should().Throw<OptionsValidationException>()
            .WithMessage("Monitoring:CircuitBreaker:MinimumThroughput is 1; allowed: 2 to 1000000.");
    }

    [Fact]
    public async Task A_part_that_was_set_to_null_is_named()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMonitoring(options => options.Alerts = null!);
        using var host = builder.Build();

        var starting = () => host.StartAsync();

        (await starting.Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should().ContainSingle().Which.Should().StartWith("Monitoring:Alerts is not set");
    }

    [Fact]
    public async Task A_wrong_webhook_stops_the_host_without_telling_its_secret()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Monitoring:Alerts:Webhook:Url"] = "example.org/token-1234",
            ["Monitoring:Alerts:Webhook:Secret"] = "token-1234",
            ["Monitoring:Alerts:Webhook:Timeout"] = "01:00:00",
        });
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring")).AddWebhook(builder.Configuration.GetSection("Monitoring:Alerts:Webhook"));
        using var host = builder.Build();

        var starting = () => host.StartAsync();

        var failures = (await starting.Should().ThrowAsync<OptionsValidationException>()).Which.Failures;
        failures.Should().Contain("Monitoring:Alerts:Webhook:Timeout is 01:00:00; allowed: 00:00:00.1000000 to 00:05:00.");
        failures.Should().Contain(failure => failure.StartsWith("Monitoring:Alerts:Webhook:Url is"));
        failures.Should().Contain(failure => failure.StartsWith("Monitoring:Alerts:Webhook:Secret is"));
        failures.Should().NotContain(failure => failure.Contains("token-1234"));
    }

    [Fact]
    public async Task Right_values_arrive()
    {
        using var host = Build(("TaskQueue:Capacity", "12"), ("Alerts:Thresholds:RedisLatencyWarning", "00:00:00.2"));

        await host.StartAsync();

        var options = host.Services.GetRequiredService<IOptions<MonitoringOptions>>().Value;
        options.TaskQueue.Capacity.Should().Be(12);
        options.Alerts.Thresholds.RedisLatencyWarning.Should().Be(TimeSpan.FromMilliseconds(200));
        await host.StopAsync();
    }

    private static IHost Build(string key, string value) => Build((key, value));

    private static IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Monitoring:{setting.Key}", (string?)setting.Value)));
        builder.Logging.ClearProviders();
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"));
        return builder.Build();
    }
}
