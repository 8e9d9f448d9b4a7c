using System.Net.Http.Json;
using Microsoft.Playwright;
using Monitoring.Alerts;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Webhooks;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>What comes from outside is text, whatever it looks like, and leaves the page in its frame.</summary>
[Collection(nameof(Browsing))]
public sealed class HostileTextTests(Browser browser)
{
    private const string Markup = "<img src=//x.invalid/a.png onerror=alert(1)>";
    private const string Turned = "abc\u202Egnp.exe";
    private static readonly string Long = new('W', 10 * 1024);

    [Fact]
    public async Task Names_messages_and_notes_of_strangers_stay_text()
    {
        await using var host = await HostedMonitor.StartAsync();
        string[] names = [Markup, Turned, Long];
        Record(host.Monitor, names);
        host.Rule.Find([.. names.Select((name, i) => new AlertFinding(AlertSeverity.Critical, name) { Instance = $"oven-{i}", Context = () => new Dictionary<string, string> { ["last order"] = name, [name] = "x" } })]);
        await using var window = await browser.OpenAsync(HostedMonitor.AdminKey);
        var tab = await window.ShowAsync(host.Dashboard, DashboardPage.Alerts.Path);
        await Expect(tab.Page.Locator("article[data-alert^='switched']")).ToHaveCountAsync(names.Length);
        await AcknowledgeAsync(host, "switched.oven-0", Markup);
        await AcknowledgeAsync(host, "switched.oven-1", Turned);
        await AcknowledgeAsync(host, "switched.oven-2", Long[..1000]);

        foreach (var page in DashboardPage.All)
        {
            await tab.GoToAsync(page);
            // What can be opened is opened.
            await tab.Page.EvaluateAsync("() => document.querySelectorAll('main details').forEach(details => { details.open = true })");
            await tab.Page.EvaluateAsync("() => document.querySelectorAll('main button[aria-expanded=false]').forEach(button => button.click())");

            foreach (var width in new[] { 360, 1280 })
            {
                await tab.Page.SetViewportSizeAsync(width, 900);
                (await Layout.FindOverflowAsync(tab.Page)).Should().BeEmpty("{0} holds its frame at {1} px", page, width);
            }

            (await tab.Page.Locator("img, [onerror], a[href*='x.invalid']:not([href^='#'])").CountAsync()).Should().Be(0);
        }

        await tab.GoToAsync(DashboardPage.Alerts);
        await Expect(tab.Alert("switched.oven-0")).ToContainTextAsync(Markup);
        await Expect(tab.Alert("switched.oven-1")).ToContainTextAsync(Turned);
        await Expect(tab.Alert("switched.oven-2")).ToContainTextAsync("WWWWWWWW");
        await ShouldShowAsync(tab, DashboardPage.Redis, "WWWWWWWW");
        await ShouldShowAsync(tab, DashboardPage.Webhooks, "WWWWWWWW");
        // No endpoint is called so: it has no row of its own.
        await ShouldShowAsync(tab, DashboardPage.Requests, "OTHER");
        tab.Requests.Should().NotContain(static address => new Uri(address).Host.Contains("x.invalid", StringComparison.Ordinal));
        tab.ShouldBeWithoutProblems();
    }

    [Fact]
    public async Task A_text_that_runs_from_right_to_left_does_not_turn_what_is_beside_it()
    {
        await using var host = await HostedMonitor.StartAsync();
        host.Rule.Find(new AlertFinding(AlertSeverity.Critical, Turned));
        await using var window = await browser.OpenAsync(HostedMonitor.ReaderKey);
        var tab = await window.ShowAsync(host.Dashboard, DashboardPage.Alerts.Path);
        await Expect(tab.Alert("switched")).ToContainTextAsync(Turned);

        // Each text node with the override lies in an element that keeps its direction to itself.
        var loose = await tab.Page.EvaluateAsync<string[]>("""
            () => {
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              const loose = [];
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                if (!node.data.includes('\u202E')) continue;
                let element = node.parentElement;
                while (element && !['isolate', 'isolate-override', 'plaintext'].includes(getComputedStyle(element).unicodeBidi) && getComputedStyle(element).display === 'inline') element = element.parentElement;
                const style = element && getComputedStyle(element);
                // A block is a paragraph of its own to the algorithm; it isolates when the text is all that it holds.
                if (!style || (style.display !== 'inline' && element.textContent !== node.data && !['isolate', 'isolate-override', 'plaintext'].includes(style.unicodeBidi))) loose.push(node.parentElement.outerHTML);
              }
              return loose;
            }
            """);
        loose.Should().BeEmpty();
    }

    private static async Task ShouldShowAsync(Tab tab, DashboardPage page, string ofTheLongOne)
    {
        await tab.GoToAsync(page);
        await Expect(tab.Main).ToContainTextAsync(Markup);
        await Expect(tab.Main).ToContainTextAsync(Turned);
        await Expect(tab.Main).ToContainTextAsync(ofTheLongOne);
    }

    private static void Record(IPerformanceMonitor monitor, string[] names)
    {
        foreach (var name in names)
        {
            monitor.RecordRedisOperation(new RedisOperationMetric(name, TimeSpan.FromMilliseconds(400)));
            monitor.RecordRedisOperation(new RedisOperationMetric(name, TimeSpan.FromMilliseconds(400), RedisFailureKind.Server, name));
            monitor.RecordRequest(new RequestMetric(name, TimeSpan.FromSeconds(3)) { Method = "GET", StatusCode = 500, UserId = name, TenantId = name });
            using (monitor.BeginWebhook(name))
            {
            }

            monitor.CircuitBreakers.GetOrAdd(name, static _ => true).Isolate();
            monitor.RecordMetric(name, 1);
            monitor.RecordCache(name, hit: false);
        }
    }

    private static async Task AcknowledgeAsync(HostedMonitor host, string key, string note)
    {
        using var response = await host.Client.PostAsJsonAsync($"/api/performance/alerts/{key}/acknowledge", new { note });
        response.EnsureSuccessStatusCode();
    }
}
