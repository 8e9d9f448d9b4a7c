using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Tests.Security;

/// <summary>What an endpoint that goes wrong looks like from outside.</summary>
public sealed class GateTests
{
    [Fact]
    public async Task An_exception_is_a_problem_that_says_nothing_and_a_line_in_the_log()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, group: static group =>
            group.MapGet("broken", static (HttpContext context) =>
            {
                context.Response.Headers.ETag = "\"half\"";
                throw new InvalidOperationException("the password is hunter2");
            }).WithMetadata(ApiRole.Reader));

        using var response = await host.GetAsync("broken", MonitoringHost.ReaderKey);

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        response.Headers.GetValues("Content-Security-Policy").Should().ContainSingle();
        response.Headers.ETag.Should().BeNull();
        var text = await response.Content.ReadAsStringAsync();
        text.Should().NotContainAny("hunter2", "InvalidOperationException", "   at ");
        using var problem = JsonDocument.Parse(text);
        problem.RootElement.GetProperty("status").GetInt32().Should().Be(500);
        host.Log.Entries.Should().ContainSingle(static entry => entry.EventId == 1530);
    }

    [Fact]
    public async Task Nothing_of_an_endpoint_runs_for_a_stranger()
    {
        var ran = false;
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, group: group =>
            group.MapPost("typed", (Version body) => ran = body is not null).WithMetadata(ApiRole.Admin));

        // The body would be bound before any filter ran, and answered with 400.
        using var stranger = await host.SendAsync(HttpMethod.Post, "typed", key: null, "not json");
        using var reader = await host.SendAsync(HttpMethod.Post, "typed", MonitoringHost.ReaderKey, "not json");

        stranger.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        reader.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        ran.Should().BeFalse();
    }

    [Fact]
    public async Task What_the_host_adds_to_the_group_is_its_own_affair()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, group: static group => group.MapGet("own", static () => "mine"));

        (await host.GetAsync("own")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await host.AskAsync("openapi.json")).Body.GetProperty("paths").EnumerateObject().Select(static path => path.Name).Should().NotContain(static name => name.EndsWith("/own"));
    }
}
