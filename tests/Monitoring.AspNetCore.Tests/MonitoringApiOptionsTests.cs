using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Monitoring.AspNetCore.Tests;

public sealed class MonitoringApiOptionsTests
{
    [Theory]
    [InlineData("ReaderKey", "too-short", "16 to 512")]
    [InlineData("AdminKey", "key with a space in it", "visible ASCII")]
    [InlineData("AdminKey", "schlüssel-mit-umlaut", "visible ASCII")]
    [InlineData("AdminPolicy", " ", "the name of an authorization policy")]
    [InlineData("ReaderPolicy", "viewers", "AddAuthorization")]
    public async Task A_wrong_setting_stops_the_host_and_is_named_without_showing_a_key(string name, string value, string allowed)
    {
        var start = () => MonitoringHost.StartAsync(new() { [$"Monitoring:Api:{name}"] = value });

        var message = (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message;
        message.Should().Contain($"Monitoring:Api:{name}").And.Contain(allowed);
        if (name.EndsWith("Key", StringComparison.Ordinal))
        {
            message.Should().NotContain(value);
        }
    }

    [Fact]
    public async Task One_key_cannot_be_both()
    {
        var start = () => MonitoringHost.StartAsync(new()
        {
            ["Monitoring:Api:ReaderKey"] = MonitoringHost.AdminKey,
            ["Monitoring:Api:AdminKey"] = MonitoringHost.AdminKey,
        });

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should()
            .Contain("different from ReaderKey").And.NotContain(MonitoringHost.AdminKey);
    }

    [Fact]
    public async Task A_policy_and_the_key_it_replaces_exclude_each_other()
    {
        var start = () => MonitoringHost.StartAsync(
            new() { ["Monitoring:Api:AdminKey"] = MonitoringHost.AdminKey, ["Monitoring:Api:AdminPolicy"] = "operators" },
            services: services => services.AddAuthorization());

        (await start.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().Contain("Monitoring:Api:AdminPolicy");
    }

    [Fact]
    public async Task Keys_set_in_code_count_and_win()
    {
        await using var host = await MonitoringHost.StartAsync(
            new() { ["Monitoring:Api:ReaderKey"] = MonitoringHost.ReaderKey },
            services: services => services.Configure<MonitoringApiOptions>(options => options.ReaderKey = "another-key-0123456789"));

        (await host.GetAsync("alerts", "another-key-0123456789")).IsSuccessStatusCode.Should().BeTrue();
        (await host.GetAsync("alerts", MonitoringHost.ReaderKey)).IsSuccessStatusCode.Should().BeFalse();
    }
}
