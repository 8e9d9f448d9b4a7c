using System.Net;

namespace Monitoring.AspNetCore.Tests;

/// <summary>Who asks, and what they may do: what the same caller finds when trying.</summary>
public sealed class SessionTests
{
    private static readonly Dictionary<string, string?> AdminPolicyOnly = new() { ["Monitoring:Api:AdminPolicy"] = "operators" };
    private static readonly Dictionary<string, string?> Policies = new() { ["Monitoring:Api:ReaderPolicy"] = "viewers", ["Monitoring:Api:AdminPolicy"] = "operators" };

    [Theory]
    [InlineData(MonitoringHost.ReaderKey, "Reader", "reader")]
    [InlineData(MonitoringHost.AdminKey, "Admin", "admin")]
    [InlineData(null, null, null)]
    [InlineData("wrong-key-0123456789", null, null)]
    public async Task By_key(string? key, string? role, string? name)
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, IPAddress.Loopback);

        await ShouldBeAsync(host, key, user: null, role, name);
    }

    [Fact]
    public async Task This_machine_reads()
    {
        await using var host = await MonitoringHost.StartAsync(caller: IPAddress.Loopback);

        await ShouldBeAsync(host, key: null, user: null, "Reader", "local");
    }

    [Theory]
    [InlineData("viewer", "Reader")]
    [InlineData("operator", "Admin")]
    [InlineData("guest", null)]
    [InlineData(null, null)]
    public async Task By_the_policies_of_the_host(string? user, string? role)
    {
        await using var host = await MonitoringHost.StartAsync(Policies, IPAddress.Parse("203.0.113.9"), HostAuthorizationTests.AddUsers);

        await ShouldBeAsync(host, key: null, user, role, user);
    }

    [Theory]
    [InlineData("viewer", "Reader")]
    [InlineData("operator", "Admin")]
    public async Task By_a_policy_for_admins_where_everybody_on_this_machine_reads(string user, string role)
    {
        await using var host = await MonitoringHost.StartAsync(AdminPolicyOnly, IPAddress.Loopback, HostAuthorizationTests.AddUsers);

        await ShouldBeAsync(host, key: null, user, role, user);
    }

    [Fact]
    public async Task Where_the_host_vouches_for_nobody_it_makes_no_admin()
    {
        await using var host = await MonitoringHost.StartAsync(
            new() { ["Monitoring:Api:AdminPolicy"] = "operators", ["Monitoring:Api:ReaderKey"] = MonitoringHost.ReaderKey }, IPAddress.Parse("203.0.113.9"), HostAuthorizationTests.AddUsers,
            static group => Microsoft.AspNetCore.Builder.AuthorizationEndpointConventionBuilderExtensions.AllowAnonymous(group));

        await ShouldBeAsync(host, MonitoringHost.ReaderKey, "operator", "Reader", "operator");
    }

    [Fact]
    public async Task The_admin_key_makes_an_admin_of_a_reader_of_the_host()
    {
        await using var host = await MonitoringHost.StartAsync(
            new() { ["Monitoring:Api:ReaderPolicy"] = "viewers", ["Monitoring:Api:AdminKey"] = MonitoringHost.AdminKey }, IPAddress.Parse("203.0.113.9"), HostAuthorizationTests.AddUsers);

        await ShouldBeAsync(host, MonitoringHost.AdminKey, "viewer", "Admin", "viewer");
    }

    // The role is not only said: who is said to be an admin may change things, who is not may not.
    private static async Task ShouldBeAsync(MonitoringHost host, string? key, string? user, string? role, string? name)
    {
        void As(HttpRequestMessage request)
        {
            if (user is not null)
            {
                request.Headers.Add("X-User", user);
            }
        }

        using var changing = await host.SendAsync(HttpMethod.Post, "alerts/unknown/resolve", key, "{}", As);
        using var response = await host.SendAsync(HttpMethod.Get, "session", key, change: As);

        (changing.StatusCode == HttpStatusCode.NotFound).Should().Be(role == "Admin", "the change was answered {0}", changing.StatusCode);
        if (role is null)
        {
            response.StatusCode.Should().BeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }
        else
        {
            (await response.Content.ReadAsStringAsync()).Should().Be($$"""{"role":"{{role}}","name":"{{name}}"}""");
        }
    }
}
