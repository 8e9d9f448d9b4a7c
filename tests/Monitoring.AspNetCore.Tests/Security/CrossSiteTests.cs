using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Monitoring.AspNetCore.Tests.Security;

/// <summary>What a page of another site can make a visitor's browser do here: nothing.</summary>
public sealed class CrossSiteTests
{
    [Theory]
    [InlineData("same-origin", null, true)]
    [InlineData("none", null, true)]
    [InlineData(null, null, true)]
    [InlineData(null, "http://localhost", true)]
    [InlineData(null, "https://LOCALHOST", true)]
    [InlineData("same-origin", "https://rewritten.example", true)]
    [InlineData("same-site", null, false)]
    [InlineData("cross-site", null, false)]
    [InlineData("cross-site", "http://localhost", false)]
    [InlineData("", "http://localhost", true)]
    [InlineData("nonsense", null, false)]
    [InlineData(null, "http://evil.example", false)]
    [InlineData(null, "http://localhost:8080", false)]
    [InlineData(null, "http://localhost.evil.example", false)]
    [InlineData(null, "null", false)]
    [InlineData(null, "", true)]
    [InlineData(null, "file://localhost", false)]
    [InlineData(null, "http://localhost, http://evil.example", false)]
    public async Task A_change_passes_unless_the_browser_says_that_it_is_of_another_site(string? site, string? origin, bool passes)
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        using var response = await host.SendAsync(HttpMethod.Post, "alerts/unknown/resolve", MonitoringHost.AdminKey, "{}", request => Say(request, site, origin));
        using var reading = await host.SendAsync(HttpMethod.Get, "alerts", MonitoringHost.AdminKey, change: request => Say(request, site, origin));

        response.StatusCode.Should().Be(passes ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        host.Log.Entries.Count(static entry => entry.EventId == 1540).Should().Be(passes ? 0 : 1);
        reading.StatusCode.Should().Be(HttpStatusCode.OK, "a browser keeps the answer from the other page by itself");
    }

    [Fact]
    public async Task Said_twice_is_said_by_nobody_who_is_trusted()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        using var sites = await host.SendAsync(HttpMethod.Post, "alerts/unknown/resolve", MonitoringHost.AdminKey, "{}", static request => request.Headers.Add("Sec-Fetch-Site", ["same-origin", "cross-site"]));
        using var origins = await host.SendAsync(HttpMethod.Post, "alerts/unknown/resolve", MonitoringHost.AdminKey, "{}", static request => request.Headers.Add("Origin", ["http://localhost", "http://evil.example"]));

        sites.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        origins.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Another_site_does_not_use_up_the_attempts_of_its_visitor()
    {
        await using var host = await MonitoringHost.StartAsync(
            new() { ["Monitoring:Api:AdminKey"] = MonitoringHost.AdminKey, ["Monitoring:Api:FailedKeysPerMinute"] = "1" }, IPAddress.Parse("203.0.113.9"));

        for (var i = 0; i < 3; i++)
        {
            using var response = await host.SendAsync(HttpMethod.Post, "alerts/unknown/resolve", "wrong-key-0123456789", "{}", static request => Say(request, "cross-site", null));
            response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        }

        (await host.GetAsync("alerts", MonitoringHost.AdminKey)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Behind_a_proxy_that_the_host_trusts_the_forwarded_name_counts()
    {
        await using var host = await KestrelHost.StartAsync(MonitoringHost.BothKeys, static app =>
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedHost });
            app.MapMonitoring();
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{MonitoringHost.Prefix}/alerts/unknown/resolve") { Content = new StringContent("{}", null, "application/json") };
        request.Headers.Add("X-Api-Key", MonitoringHost.AdminKey);
        request.Headers.Add("Origin", "https://ops.example");
        request.Headers.Add("X-Forwarded-Host", "ops.example");

        using var response = await host.Client.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("same", true)]
    [InlineData("http://evil.example", false)]
    [InlineData("http://127.0.0.1", false)]
    [InlineData("null", false)]
    public async Task A_WebSocket_is_opened_from_the_same_site_only_even_on_this_machine(string? origin, bool passes)
    {
        await using var host = await KestrelHost.StartAsync();
        origin = origin == "same" ? host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin;
        void Say(System.Net.WebSockets.ClientWebSocketOptions options)
        {
            if (origin is not null)
            {
                options.SetRequestHeader("Origin", origin);
            }
        }

        if (passes)
        {
            using var socket = await host.ConnectAsync(Say);
            (await KestrelHost.AskAsync(socket, """{"page":"alerts"}""")).Text("page").Should().Be("Alerts");
        }
        else
        {
            (await host.RefusalAsync(Say)).Should().Be(HttpStatusCode.Forbidden);
        }
    }

    [Theory]
    [InlineData("same-origin", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    public async Task For_a_WebSocket_the_origin_counts_whatever_else_is_said(string site, HttpStatusCode expected)
    {
        await using var host = await KestrelHost.StartAsync(MonitoringHost.BothKeys);

        (await host.RefusalAsync(options =>
        {
            options.SetRequestHeader("Sec-Fetch-Site", site);
            options.SetRequestHeader("Origin", site == "same-origin" ? "http://evil.example" : host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        }, MonitoringHost.AdminKey)).Should().Be(expected);
    }

    private static void Say(HttpRequestMessage request, string? site, string? origin)
    {
        if (site is not null)
        {
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site);
        }

        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }
    }
}
