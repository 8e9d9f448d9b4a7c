using System.Text.Json;
using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>Redis stalls under load: a person who looks at the page is told what is broken and since when, and that it is over.</summary>
[Collection(nameof(Browsing))]
public sealed class DashboardOutageTests(Browser browser)
{
    private const string Circuit = "article[data-alert^='circuit-state']";
    private static readonly Regex Broken = new("Open|Half open");
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(3);

    // Notes by the page's own clock when each alert comes, so that a test that is late does not count. The clock is the service's: it is one machine.
    private const string Watch = """
        () => {
          window.sameDocument = true;
          window.cameAt = {};
          const look = () => {
            for (const alert of document.querySelectorAll('[data-alert]')) window.cameAt[alert.dataset.alert] ??= Date.now();
          };
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-alert'] });
          look();
        }
        """;

    [Fact]
    public async Task An_outage_is_on_the_page_within_three_seconds_and_leaves_it_when_it_is_over()
    {
        await using var stage = await SampleStage.StartAsync();
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var overview = await window.ShowAsync(stage.Dashboard);
        var alerts = await window.ShowAsync(stage.Dashboard, DashboardPage.Alerts.Path);
        foreach (var tab in new[] { overview, alerts })
        {
            await tab.Page.EvaluateAsync(Watch);
            await Expect(tab.Page.Locator(Circuit)).ToHaveCountAsync(0);
        }

        stage.Redis.Stall();
        List<JsonElement> active;
        try
        {
            await Expect(overview.Page.Locator(Circuit).First).ToBeVisibleAsync();
            await Expect(alerts.Page.Locator(Circuit).First).ToBeVisibleAsync();
            active = [.. (await stage.Service.GetAsync("alerts")).GetProperty("active").EnumerateArray().Where(static alert => alert.GetProperty("rule").GetString() == "circuit-state")];
            await ShouldTellAsync(overview, active[0]);
        }
        finally
        {
            stage.Redis.Continue();
        }

        foreach (var tab in new[] { overview, alerts })
        {
            var cameAt = await tab.Page.EvaluateAsync<Dictionary<string, double>>("() => window.cameAt");
            foreach (var alert in active)
            {
                var key = alert.GetProperty("key").GetString()!;
                cameAt.Should().ContainKey(key);
                (DateTimeOffset.FromUnixTimeMilliseconds((long)cameAt[key]) - alert.GetProperty("startedAt").GetDateTimeOffset()).Should().BeLessThan(Shown, "{0} is shown as soon as it fires", key);
            }
        }

        await ShouldBeOverAsync(overview, alerts, active);
    }

    // What is broken and since when, in words, without a click.
    private static async Task ShouldTellAsync(Tab overview, JsonElement alert)
    {
        await Expect(overview.Status).ToContainTextAsync("Critical");
        var article = overview.Alert(alert.GetProperty("key").GetString()!);
        await Expect(article).ToContainTextAsync(new Regex("Circuit .*(open|half-open)"));
        await Expect(article).ToContainTextAsync("Critical");
        var startedAt = await article.Locator("time").First.GetAttributeAsync("datetime");
        DateTimeOffset.Parse(startedAt!, null).Should().BeCloseTo(alert.GetProperty("startedAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1), "it says since when");
        await Expect(article.Locator("time").First).ToHaveTextAsync(new Regex(@"\d"));

        // The circuit's state, by name.
        await Expect(overview.Panel("Circuits")).ToContainTextAsync(alert.GetProperty("instance").GetString()!);
        await Expect(overview.Panel("Circuits")).ToContainTextAsync(Broken);

        // The verdict, in words, before everything else.
        var verdict = overview.Panel("Verdict");
        await Expect(verdict).ToContainTextAsync("Critical");
        await Expect(verdict).ToContainTextAsync(new Regex("Redis|circuit", RegexOptions.IgnoreCase));
        await Expect(verdict).ToContainTextAsync(new Regex(@"Since \d{2}:\d{2}:\d{2}"));
    }

    private static async Task ShouldBeOverAsync(Tab overview, Tab alerts, IReadOnlyList<JsonElement> active)
    {
        // A circuit tries again after its break; an alert resolves when its window is clean.
        await Expect(overview.Page.Locator("[data-alert]")).ToHaveCountAsync(0, new() { Timeout = 90_000 });
        await Expect(overview.Panel("Active alerts")).ToContainTextAsync("No alert is active.");
        await Expect(overview.Panel("Circuits")).Not.ToContainTextAsync(Broken);
        await Expect(overview.Status).ToContainTextAsync("Healthy", new() { Timeout = 90_000 });
        foreach (var alert in active)
        {
            // On its own page it is told as resolved.
            var article = alerts.Alert(alert.GetProperty("key").GetString()!);
            await Expect(article).ToHaveCountAsync(1);
            await Expect(article).ToContainTextAsync("Resolved");
        }

        foreach (var tab in new[] { overview, alerts })
        {
            (await tab.Page.EvaluateAsync<bool>("() => window.sameDocument === true")).Should().BeTrue("nobody reloaded");
            tab.ShouldBeWithoutProblems();
        }
    }
}
