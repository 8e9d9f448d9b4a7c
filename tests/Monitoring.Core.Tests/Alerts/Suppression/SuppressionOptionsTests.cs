using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Suppression;

public sealed class SuppressionOptionsTests
{
    private const string Window = "Monitoring:Alerts:MaintenanceWindows:0";
    private const string Inhibition = "Monitoring:Alerts:Inhibitions:0";

    [Fact]
    public void Windows_and_inhibitions_are_read_from_the_configuration()
    {
        var options = Read(
            ($"{Window}:Name", "backup"), ($"{Window}:Days:0", "Saturday"), ($"{Window}:Days:1", "Sunday"), ($"{Window}:Start", "23:30"), ($"{Window}:Duration", "02:00"),
            ($"{Window}:TimeZone", "Europe/Berlin"), ($"{Window}:Matchers:0", "category=redis"), ($"{Inhibition}:Source:0", "alertname=a"), ($"{Inhibition}:Target:0", "alertname=b"),
            ($"{Inhibition}:Equal:0", "instance"), ("Monitoring:Alerts:UseDefaultInhibitions", "false"));

        options.MaintenanceWindows.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            Name = "backup",
            Days = new[] { DayOfWeek.Saturday, DayOfWeek.Sunday },
            Start = new TimeSpan(23, 30, 0),
            Duration = TimeSpan.FromHours(2),
            TimeZone = "Europe/Berlin",
            Matchers = new[] { "category=redis" },
        });
        options.Inhibitions.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Source = new[] { "alertname=a" }, Target = new[] { "alertname=b" }, Equal = new[] { "instance" } });
        options.UseDefaultInhibitions.Should().BeFalse();
    }

    [Theory]
    [InlineData($"{Window}:TimeZone", "Mars/Olympus", "IANA")]
    [InlineData($"{Window}:TimeZone", "", "IANA")]
    [InlineData($"{Window}:Name", "", "1 to 100 characters")]
    [InlineData($"{Window}:Start", "1.00:00:00", "00:00:00 to 23:59:59")]
    [InlineData($"{Window}:Duration", "00:00:59", "00:01:00 to 7.00:00:00")]
    [InlineData($"{Window}:Matchers:0", "category", "label=value")]
    [InlineData($"{Window}:Matchers:0", "category=~(", "regular expression")]
    [InlineData($"{Window}:Matchers:0", "a-b=c", "[a-zA-Z_]")]
    [InlineData($"{Inhibition}:Source", "0 matchers", "1 to 20")]
    [InlineData($"{Inhibition}:Target", "0 matchers", "1 to 20")]
    [InlineData($"{Inhibition}:Target:0", "=", "label=value")]
    public void What_is_wrong_is_named_at_the_start(string key, string value, string allowed)
    {
        var settings = new Dictionary<string, string?> { [$"{Window}:Name"] = "backup", [$"{Inhibition}:Source:0"] = "alertname=a", [$"{Inhibition}:Target:0"] = "alertname=b" };
        if (value == "0 matchers")
        {
            // One side is there, and the other one is not.
            settings.Remove($"{key}:0");
        }
        else
        {
            settings[key] = value;
        }

        FluentActions.Invoking(() => Read([.. settings.Select(setting => (setting.Key, setting.Value!))]))
            .Should().Throw<OptionsValidationException>().WithMessage($"*{key} is *{value}*; allowed: *{allowed.Replace("[", "?", StringComparison.Ordinal)}*");
    }

    [Fact]
    public void Two_windows_of_one_name_could_not_be_told_apart() =>
        FluentActions.Invoking(() => Read(($"{Window}:Name", "a"), ("Monitoring:Alerts:MaintenanceWindows:1:Name", "a")))
            .Should().Throw<OptionsValidationException>().WithMessage("*MaintenanceWindows:1:Name is 'a'*no other window*");

    private static AlertOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddMonitoring(configuration.GetSection("Monitoring"));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<MonitoringOptions>>().Value.Alerts;
    }
}
