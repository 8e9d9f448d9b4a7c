using System.Net;

namespace Monitoring.AspNetCore.Tests;

/// <summary>What counts as a key, and what does not.</summary>
public sealed class AccessTests
{
    private const string WrongKey = "wrong-key-0123456789";

    [Fact]
    public async Task Credentials_that_are_not_one_key_are_none()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);
        Action<HttpRequestMessage>[] attempts =
        [
            request => request.Headers.Add("X-Api-Key", [MonitoringHost.AdminKey, MonitoringHost.AdminKey]),
            request => request.Headers.TryAddWithoutValidation("Authorization", MonitoringHost.AdminKey),
            request => request.Headers.TryAddWithoutValidation("Authorization", $"Basic {MonitoringHost.AdminKey}"),
            request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer "),
            request => request.Headers.Add("Cookie", $"X-Api-Key={MonitoringHost.AdminKey}"),
        ];

        foreach (var attempt in attempts)
        {
            using var response = await host.SendAsync(HttpMethod.Get, "alerts", change: attempt);

            response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
            response.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("Bearer");
        }

        using var inTheAddress = await host.GetAsync($"alerts?key={MonitoringHost.AdminKey}&X-Api-Key={MonitoringHost.AdminKey}");
        inTheAddress.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_admin_key_alone_does_not_leave_reading_open()
    {
        await using var host = await MonitoringHost.StartAsync(new() { ["Monitoring:Api:AdminKey"] = MonitoringHost.AdminKey }, IPAddress.Loopback);

        (await host.GetAsync("alerts")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.GetAsync("alerts", MonitoringHost.AdminKey)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refused_changes_are_logged_without_the_key()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        await host.ResolveAsync("unknown", WrongKey);
        await host.ResolveAsync("unknown", MonitoringHost.ReaderKey);

        host.Log.Entries.Where(entry => entry.EventId == 1501).Should().HaveCount(2);
        host.Log.Entries.Should().NotContain(entry => entry.Message.Contains(WrongKey, StringComparison.Ordinal));
        host.Log.Entries.Should().NotContain(entry => entry.Message.Contains(MonitoringHost.ReaderKey, StringComparison.Ordinal));
    }
}
