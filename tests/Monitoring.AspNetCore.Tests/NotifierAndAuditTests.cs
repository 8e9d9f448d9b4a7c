using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Alerts;

namespace Monitoring.AspNetCore.Tests;

/// <summary>How channels fare and whether they work, and who changed what.</summary>
public sealed class NotifierAndAuditTests
{
    [Fact]
    public async Task Channels_are_listed()
    {
        await using var host = await StartAsync(null);

        var (status, body) = await host.AskAsync("notifiers");

        status.Should().Be(HttpStatusCode.OK);
        body.Texts("notifiers", "name").Should().BeEquivalentTo("log", "pager");
        var pager = body.GetProperty("notifiers").EnumerateArray().Single(channel => channel.Text("name") == "pager");
        pager.GetProperty("pending").GetInt32().Should().Be(0);
        pager.GetProperty("isCircuitOpen").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task A_channel_that_works_takes_a_test_notice()
    {
        await using var host = await StartAsync(null);

        var (status, body) = await host.AskAsync(HttpMethod.Post, "notifiers/pager/test", "{}");

        (status, body.GetRawText()).Should().Be((HttpStatusCode.OK, """{"name":"pager","isDelivered":true}"""));
        host.Log.Entries.Should().Contain(entry => entry.EventId == 1522);
        (await host.AskAsync(HttpMethod.Post, "notifiers/nobody/test", "{}")).Status.Should().Be(HttpStatusCode.NotFound);
        host.Monitor.Audit.GetEntries().Should().ContainSingle().Which.Should().Match<Telemetry.AuditEntry>(entry => entry.Action == "notifier.test" && entry.Target == "pager" && entry.Note == "delivered");
    }

    [Theory]
    [InlineData(false, "the pager said no")]
    [InlineData(true, "InvalidOperationException")]
    public async Task What_a_channel_says_is_told_unless_it_may_hold_secrets(bool isOfTheHost, string expected)
    {
        await using var host = await StartAsync(isOfTheHost ? new InvalidOperationException("secret token") : new AlertDeliveryException("the pager said no"));

        var (status, body) = await host.AskAsync(HttpMethod.Post, "notifiers/pager/test", "{}");

        status.Should().Be(HttpStatusCode.BadGateway);
        body.Text("detail").Should().Contain(expected).And.NotContain("secret");
        host.Monitor.Audit.GetEntries().Should().ContainSingle().Which.Note.Should().Be("failed");
    }

    [Fact]
    public async Task Every_change_is_noted_once()
    {
        await using var host = await StartAsync(null);
        var key = host.FireAlert();

        await host.AskAsync(HttpMethod.Post, $"alerts/{key}/acknowledge", """{"note":"on it"}""");
        await host.ResolveAsync(key, body: """{"note":"done"}""");
        await host.ResolveAsync(key);
        var (_, silence) = await host.AskAsync(HttpMethod.Post, "silences", """{"matchers":[{"label":"category","value":"redis"}],"durationMs":60000,"reason":"failover"}""");
        var id = silence.Text("id");
        await host.AskAsync(HttpMethod.Put, $"silences/{id}", """{"durationMs":120000}""");
        await host.AskAsync(HttpMethod.Delete, $"silences/{id}");
        var (_, body) = await host.AskAsync("audit");

        body.GetProperty("entries").EnumerateArray().Select(entry => (entry.Text("action"), entry.Text("target"), entry.Text("by"))).Should().Equal(
            ("silence.expire", id, "admin"), ("silence.update", id, "admin"), ("silence.add", id, "admin"), ("alert.resolve", key, "admin"), ("alert.acknowledge", key, "admin"));
        body.GetProperty("entries")[3].Text("note").Should().Be("done");
    }

    [Fact]
    public async Task The_audit_log_is_read_page_by_page()
    {
        await using var host = await StartAsync(null);
        for (var i = 0; i < 25; i++)
        {
            host.Monitor.Audit.Add($"action-{i}", "target");
        }

        List<string?> actions = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var (_, page) = await host.AskAsync($"audit?limit=10{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            actions.AddRange(page.Texts("entries", "action"));
            cursor = page.Text("next");
        }

        actions.Should().Equal(Enumerable.Range(0, 25).Reverse().Select(number => $"action-{number}"));
        (await host.AskAsync("audit?cursor=nobody")).Body.WrongFields().Should().Equal("cursor");
        (await host.AskAsync("audit?limit=many")).Body.WrongFields().Should().Equal("limit");
    }

    private static Task<MonitoringHost> StartAsync(Exception? failure) =>
        MonitoringHost.StartAsync(MonitoringHost.BothKeys, services: services => services.AddSingleton<IAlertNotifier>(new Pager(failure)));

    private sealed class Pager(Exception? failure) : IAlertNotifier
    {
        public string Name => "pager";

        public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken) =>
            failure is null ? Task.FromResult<string?>(null) : Task.FromException<string?>(failure);
    }
}
