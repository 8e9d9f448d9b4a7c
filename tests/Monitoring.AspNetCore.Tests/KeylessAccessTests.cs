using System.Net;

namespace Monitoring.AspNetCore.Tests;

public sealed class KeylessAccessTests
{
    public static TheoryData<string?, bool> Callers => new()
    {
        { "127.0.0.1", true },
        { "127.8.9.10", true },
        { "::1", true },
        { "::ffff:127.0.0.1", true },
        { "10.0.0.1", false },
        { "::ffff:10.0.0.1", false },
        { "0.0.0.0", false },
        { null, false },
    };

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task Without_keys_only_this_machine_reads_and_nobody_resolves(string? address, bool local)
    {
        await using var host = await MonitoringHost.StartAsync(caller: address is null ? null : IPAddress.Parse(address));

        (await host.GetAsync("alerts")).StatusCode.Should().Be(local ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        (await host.ResolveAsync("unknown", key: null)).StatusCode.Should().Be(local ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Original-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("X-Real-IP", "203.0.113.9")]
    [InlineData("Host", "rebound.example")]
    [InlineData("Host", "127.0.0.1.rebound.example")]
    public async Task What_came_through_a_proxy_or_under_another_name_is_not_this_machine(string header, string value)
    {
        await using var host = await MonitoringHost.StartAsync(caller: IPAddress.Loopback);

        using var response = await host.SendAsync(HttpMethod.Get, "alerts", change: request => request.Headers.TryAddWithoutValidation(header, value));

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_forwarding_header_does_not_make_a_stranger_local()
    {
        await using var host = await MonitoringHost.StartAsync(caller: IPAddress.Parse("203.0.113.9"));

        using var response = await host.SendAsync(HttpMethod.Get, "alerts", change: request => request.Headers.Add("X-Forwarded-For", "127.0.0.1"));

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_empty_key_in_the_settings_is_no_key()
    {
        await using var host = await MonitoringHost.StartAsync(
            new() { ["Monitoring:Api:ReaderKey"] = "", ["Monitoring:Api:AdminKey"] = "" }, IPAddress.Loopback);

        (await host.GetAsync("alerts", "")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.ResolveAsync("unknown", "")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }
}
