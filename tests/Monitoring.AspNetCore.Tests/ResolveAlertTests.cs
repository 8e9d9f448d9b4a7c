using System.Net;
using System.Text;
using System.Text.Json;

namespace Monitoring.AspNetCore.Tests;

public sealed class ResolveAlertTests
{
    [Fact]
    public async Task An_admin_resolves_an_alert_with_a_note()
    {
        await using var host = await StartAsync();
        var key = host.FireAlert();

        using var response = await host.ResolveAsync(key, body: """{"note":"Redis was failed over"}""");
        using var alert = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        alert.RootElement.GetProperty("key").GetString().Should().Be(key);
        alert.RootElement.GetProperty("resolvedBy").GetString().Should().Be("admin");
        alert.RootElement.GetProperty("resolution").GetString().Should().Be("Manual");
        host.Monitor.GetActiveAlerts().Should().BeEmpty();
        host.Log.Entries.Should().Contain(entry => entry.EventId == 1500 && entry.Message.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_time_is_a_conflict_and_an_unknown_key_is_not_found()
    {
        await using var host = await StartAsync();
        var key = host.FireAlert();
        await host.ResolveAsync(key);

        (await host.ResolveAsync(key)).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await host.ResolveAsync("no-such-alert")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_many_at_once_one_resolves()
    {
        await using var host = await StartAsync();
        var key = host.FireAlert();

        var responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.ResolveAsync(key)));

        responses.Count(response => response.StatusCode == HttpStatusCode.OK).Should().Be(1);
        responses.Count(response => response.StatusCode == HttpStatusCode.Conflict).Should().Be(15);
    }

    [Fact]
    public async Task The_body_may_be_left_out()
    {
        await using var host = await StartAsync();
        var key = host.FireAlert();

        (await host.ResolveAsync(key, body: null)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{", "body")]
    [InlineData("note", "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("\"text\"", "body")]
    [InlineData("""{"note":"a"} trailing""", "body")]
    [InlineData("""{"note":7}""", "note")]
    [InlineData("""{"note":{"a":1}}""", "note")]
    public async Task A_malformed_body_is_refused_and_resolves_nothing(string body, string field)
    {
        await using var host = await StartAsync();
        var key = host.FireAlert();

        using var response = await host.ResolveAsync(key, body: body);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        problem.RootElement.GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
        problem.RootElement.GetRawText().Should().NotContainAny("LineNumber", "Path:", "System.");
        host.Monitor.GetActiveAlerts().Should().ContainSingle();
    }

    [Fact]
    public async Task Bodies_are_bounded()
    {
        await using var host = await StartAsync();
        var key = host.FireAlert();

        (await host.ResolveAsync(key, body: $$"""{"note":"{{new string('a', 1001)}}"}""")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await host.ResolveAsync(key, body: $$"""{"note":"{{new string('a', 70_000)}}"}""")).StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        using var unannounced = await host.SendAsync(HttpMethod.Post, $"alerts/{key}/resolve", MonitoringHost.AdminKey, "{}", request =>
        {
            request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(new string(' ', 70_000))));
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TransferEncodingChunked = true;
        });
        unannounced.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        host.Monitor.GetActiveAlerts().Should().ContainSingle();
    }

    [Fact]
    public async Task Another_media_type_is_refused()
    {
        await using var host = await StartAsync();
        var key = host.FireAlert();

        using var response = await host.SendAsync(HttpMethod.Post, $"alerts/{key}/resolve", MonitoringHost.AdminKey, "{}", request =>
            request.Content = new StringContent("note=x", Encoding.UTF8, "application/x-www-form-urlencoded"));

        response.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    private static Task<MonitoringHost> StartAsync() => MonitoringHost.StartAsync(MonitoringHost.BothKeys);
}
