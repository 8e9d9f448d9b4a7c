using System.Text.Json;

namespace Monitoring.Cli.Tests;

/// <summary>The verbs about alerts, against a service that really runs.</summary>
public sealed class AlertsTests
{
    private const string Circuit = "circuit-state.payments";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_alert_is_listed_shown_acknowledged_and_resolved()
    {
        await using var service = await Service.StartAsync();
        (await service.RunAsync("alerts")).Should().Be((0, $"No active alerts.{Environment.NewLine}", ""));
        await FireAsync(service);

        (await service.RunAsync("alerts")).Output.Should().MatchRegex($@"(?m)^{Circuit} +Critical +Firing +\d{{4}}-").And.Contain("Circuit payments is open");
        (await service.RunAsync("alerts", "--severity", "warning", "--category", "circuitBreaker")).Output.Should().StartWith("No active alerts.");
        (await service.RunAsync("alerts", "--search", "PAYMENTS", "--acknowledged", "false", "--suppressed", "false")).Output.Should().Contain(Circuit);
        var json = await service.RunAsync("alerts", "--json");
        JsonDocument.Parse(json.Output).RootElement.GetProperty("active")[0].GetProperty("key").GetString().Should().Be(Circuit);

        (await service.RunAsync("alerts", "acknowledge", Circuit, "--note", "on [it]")).Should().Be((0, $"{Circuit}: acknowledged{Environment.NewLine}", ""));
        (await service.RunAsync("alerts", "acknowledge", Circuit)).Should().Be((1, "", $"This alert is already acknowledged.{Environment.NewLine}"));
        (await service.RunAsync("alerts", "show", Circuit)).Output.Should().StartWith($"{Circuit}: Firing, Critical").And.Contain("admin, on [it]").And.MatchRegex("Fired +Critical").And.Contain("log");

        (await service.RunAsync("alerts", "resolve", Circuit, "--note", "known")).Should().Be((0, $"{Circuit}: resolved{Environment.NewLine}", ""));
        (await service.RunAsync("alerts", "--list", "resolved")).Output.Should().Contain(Circuit);
        (await service.RunAsync("alerts", "resolve", "nobody")).Should().Be((1, "", $"No alert has this key.{Environment.NewLine}"));
        var audit = await service.RunAsync("audit", "--limit", "10");
        audit.Output.Should().MatchRegex($@"admin +alert\.resolve +{Circuit} +known").And.MatchRegex($@"admin +alert\.acknowledge +{Circuit} +on \[it\]");
    }

    [Fact]
    public async Task A_silence_is_added_listed_and_ended()
    {
        await using var service = await Service.StartAsync();
        await FireAsync(service);
        (await service.RunAsync("silences")).Output.Should().StartWith("No silences.");

        var added = await service.RunAsync("silences", "add", "--match", "rule=circuit-state", "-m", "instance=~pay.*", "--for", "2h", "--reason", "planned");
        added.ExitCode.Should().Be(0);
        added.Output.Should().MatchRegex("^[0-9a-f]{32}: alertname=circuit-state, instance=~pay\\.\\* until ");
        var id = added.Output.Split(':')[0];
        var silence = service.Monitor.Alerts.Silences.Find(id)!;
        (silence.EndsAt - silence.StartsAt, silence.Author).Should().Be((TimeSpan.FromHours(2), "admin"));
        (await service.RunAsync("silences")).Output.Should().MatchRegex($@"{id} +Active +alertname=circuit-state, instance=~pay\.\* .* admin +planned");
        await WaitUntilAsync(() => service.Monitor.Alerts.Find(Circuit)!.Suppression is not null);
        (await service.RunAsync("alerts", "--suppressed", "true")).Output.Should().Contain($"silence {id}");

        (await service.RunAsync("silences", "expire", id)).Should().Be((0, $"{id}: ended{Environment.NewLine}", ""));
        (await service.RunAsync("silences", "expire", id)).ExitCode.Should().Be(1);
        (await service.RunAsync("silences")).Output.Should().StartWith("No silences.");
        (await service.RunAsync("silences", "--all")).Output.Should().Contain($"{id} ").And.Contain("Ended");

        var planned = await service.RunAsync("silences", "add", "-m", "team!=shop", "-m", "severity=warning", "--from", "2999-01-01T00:00Z", "--until", "2999-01-02T00:00Z", "--reason", "far", "--author", "bob");
        planned.Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 0 && run.Output.Contains("2999-01-02"));
        (await service.RunAsync("silences", "add", "-m", "alertname=~.*", "--for", "1h", "--reason", "all")).Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 1 && run.Error.Contains("all alerts"));
        (await service.RunAsync("silences", "add", "-m", "rule=a", "--for", "1h", "--reason", "x", "--key", Service.ReaderKey)).Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 1 && run.Error.Contains("admin"));
    }

    [Fact]
    public async Task Rules_and_channels_are_listed_and_a_channel_is_tried()
    {
        await using var service = await Service.StartAsync();

        var rules = await service.RunAsync("rules");
        foreach (var rule in service.Monitor.Alerts.GetRules())
        {
            rules.Output.Should().Contain($"{rule.Name} ");
        }

        (await service.RunAsync("notifiers")).Output.Should().MatchRegex("(?m)^log +on +0 +0 ");
        (await service.RunAsync("notifiers", "test", "log")).Should().Be((0, $"log: delivered{Environment.NewLine}", ""));
        (await service.RunAsync("notifiers", "test", "nobody")).Should().Be((1, "", $"No notifier has this name.{Environment.NewLine}"));
        (await service.RunAsync("audit")).Output.Should().MatchRegex(@"admin +notifier\.test +log +delivered");
    }

    [Theory]
    [InlineData("alerts", "--list", "all")]
    [InlineData("alerts", "show")]
    [InlineData("alerts", "resolve")]
    [InlineData("silences", "add", "--for", "1h", "--reason", "x")]
    [InlineData("silences", "add", "--match", "rule", "--for", "1h", "--reason", "x")]
    [InlineData("silences", "add", "--match", "rule=a", "--for", "soon", "--reason", "x")]
    [InlineData("silences", "add", "--match", "rule=a", "--for", "-1h", "--reason", "x")]
    [InlineData("silences", "add", "--match", "rule=a", "--reason", "x")]
    [InlineData("silences", "add", "--match", "rule=a", "--for", "1h", "--until", "2999-01-01", "--reason", "x")]
    [InlineData("silences", "add", "--match", "rule=a", "--for", "1h")]
    [InlineData("silences", "expire")]
    [InlineData("notifiers", "test")]
    [InlineData("audit", "--limit", "many")]
    public async Task What_is_not_understood_is_refused(params string[] args)
    {
        var run = await Service.RunAsync(static _ => null, args);

        run.ExitCode.Should().Be(1);
        run.Error.Should().NotBeEmpty();
    }

    private static async Task FireAsync(Service service)
    {
        service.Monitor.CircuitBreakers.GetOrAdd("payments", static _ => true).Isolate("by a test");
        await WaitUntilAsync(() => service.Monitor.Alerts.Find(Circuit) is not null);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
