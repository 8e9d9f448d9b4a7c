using System.Net;
using System.Text.Json;

namespace Monitoring.AspNetCore.Tests;

public sealed class SilenceEndpointTests
{
    private const string Redis = """[{"label":"category","value":"redis"}]""";

    [Fact]
    public async Task A_silence_is_added_read_changed_and_ended()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        host.FireAlert();

        var (status, added) = await host.AskAsync(HttpMethod.Post, "silences", $$"""{"matchers":{{Redis}},"durationMs":7200000,"reason":"failover"}""");
        status.Should().Be(HttpStatusCode.OK);
        (added.Text("author"), added.Text("reason"), added.Text("state")).Should().Be(("admin", "failover", "Active"));
        (added.GetProperty("endsAt").GetDateTimeOffset() - added.GetProperty("startsAt").GetDateTimeOffset()).Should().Be(TimeSpan.FromHours(2));
        added.GetProperty("matchers").GetRawText().Should().Be("""[{"label":"category","value":"redis","isRegex":false,"isEqual":true}]""");
        var path = $"silences/{added.Text("id")}";
        (await host.AskAsync(path)).Body.GetRawText().Should().Be(added.GetRawText());
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        host.Monitor.GetActiveAlerts().Should().ContainSingle().Which.Suppression!.By.Should().Be(added.Text("id"));

        var (_, changed) = await host.AskAsync(HttpMethod.Put, path, """{"durationMs":60000,"author":"carol"}""");
        changed.GetProperty("endsAt").GetDateTimeOffset().Should().Be(host.Clock.GetUtcNow().AddMinutes(1));
        (changed.Text("author"), changed.Text("reason"), changed.GetProperty("startsAt").GetRawText()).Should().Be(("carol", "failover", added.GetProperty("startsAt").GetRawText()));

        var (_, ended) = await host.AskAsync(HttpMethod.Delete, path);
        ended.Text("state").Should().Be("Ended");
        (await host.AskAsync(HttpMethod.Delete, path)).Status.Should().Be(HttpStatusCode.Conflict);
        (await host.AskAsync(HttpMethod.Put, path, """{"durationMs":60000}""")).Status.Should().Be(HttpStatusCode.Conflict);
        (await host.AskAsync("silences")).Body.Texts("silences", "id").Should().Equal(added.Text("id"));
        (await host.AskAsync("silences?state=active")).Body.GetProperty("silences").GetArrayLength().Should().Be(0);
        (await host.AskAsync("silences?state=over")).Body.WrongFields().Should().Equal("state");
        host.Log.Entries.Count(entry => entry.EventId == 1521).Should().Be(3);
    }

    [Fact]
    public async Task A_silence_may_be_planned()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        var (status, planned) = await host.AskAsync(
            HttpMethod.Post, "silences", $$"""{"matchers":{{Redis}},"startsAt":"2026-02-01T00:00:00+01:00","durationMs":3600000,"reason":"move","author":"bob"}""");

        status.Should().Be(HttpStatusCode.OK);
        (planned.Text("state"), planned.Text("author")).Should().Be(("Pending", "bob"));
        planned.GetProperty("endsAt").GetDateTimeOffset().Should().Be(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        host.Monitor.Audit.GetEntries().Should().ContainSingle().Which.By.Should().Be("admin", "the author may be anybody, the caller may not");
    }

    [Theory]
    [InlineData("""{}""", "matchers", "reason", "endsAt")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"durationMs":60000}""", "reason")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":"x"}""", "endsAt")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":"x","endsAt":"2025-01-01T00:00:00Z"}""", "endsAt")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":"x","endsAt":"tomorrow"}""", "endsAt")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":"x","durationMs":60000,"endsAt":"2027-01-01T00:00:00Z"}""", "durationMs")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":"x","durationMs":1e300}""", "durationMs")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":"x","durationMs":-1}""", "durationMs")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":"x","durationMs":"2h"}""", "durationMs")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":"x","durationMs":60000,"startsAt":"9999-12-31T23:59:59Z"}""", "endsAt")]
    [InlineData("""{"matchers":[{"label":"category","value":7}],"reason":"x","durationMs":60000}""", "matchers")]
    [InlineData("""{"matchers":"category=redis","reason":"x","durationMs":60000}""", "matchers")]
    [InlineData("""{"matchers":[null],"reason":"x","durationMs":60000}""", "matchers")]
    [InlineData("""{"matchers":[{}],"reason":"x","durationMs":60000}""", "matchers")]
    [InlineData("""{"matchers":[{"label":"alertname","value":".*","isRegex":true}],"reason":"x","durationMs":60000}""", "matchers")]
    [InlineData("""{"matchers":[{"label":"alertname","value":"(","isRegex":true}],"reason":"x","durationMs":60000}""", "matchers")]
    [InlineData("""{"matchers":[{"label":"category","value":"redis"}],"reason":7,"durationMs":60000}""", "reason")]
    [InlineData("[]", "body")]
    public async Task A_wrong_silence_is_refused_by_field(string body, params string[] fields)
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        var (status, problem) = await host.AskAsync(HttpMethod.Post, "silences", body);

        status.Should().Be(HttpStatusCode.BadRequest);
        problem.WrongFields().Should().BeEquivalentTo(fields);
        problem.GetRawText().Should().Contain("allowed").And.NotContainAny("LineNumber", "System.");
        host.Monitor.Alerts.Silences.GetAll().Should().BeEmpty();
    }

    [Fact]
    public async Task Bodies_are_bounded_and_must_be_json()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        using var large = await host.SendAsync(HttpMethod.Post, "silences", MonitoringHost.AdminKey, $$"""{"reason":"{{new string('x', 70_000)}}"}""");
        using var text = await host.SendAsync(HttpMethod.Post, "silences", MonitoringHost.AdminKey, "{}", request => request.Content = new StringContent("category=redis"));

        large.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        text.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task There_is_an_end_to_how_many_are_kept()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        for (var i = 0; i < 1000; i++)
        {
            host.Monitor.Alerts.Silences.Add(new() { Matchers = [new("category", "redis")], EndsAt = host.Clock.GetUtcNow().AddHours(1), Author = "alice", Reason = "many" });
        }

        (await host.AskAsync(HttpMethod.Post, "silences", $$"""{"matchers":{{Redis}},"durationMs":7200000,"reason":"one more"}""")).Status.Should().Be(HttpStatusCode.Conflict);
    }
}
