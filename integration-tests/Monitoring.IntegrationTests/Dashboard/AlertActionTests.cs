using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Monitoring.Alerts;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.IntegrationTests.Dashboard;

[Collection(nameof(Browsing))]
public sealed class AlertActionTests(Browser browser)
{
    private static readonly string[] Actions = ["Resolve", "Acknowledge", "Silence", "Isolate", "Close", "Pause", "Resume", "Re-drive"];

    [Fact]
    public async Task An_administrator_resolves_an_alert_with_a_note()
    {
        const string note = "The ovens were opened; the baker knows.";
        await using var host = await HostedMonitor.StartAsync();
        host.Rule.Find(new AlertFinding(AlertSeverity.Critical, "The ovens are too hot"));
        await using var window = await browser.OpenAsync(HostedMonitor.AdminKey);
        var tab = await window.ShowAsync(host.Dashboard, DashboardPage.Alerts.Path);

        await tab.Alert("switched").GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        var dialog = tab.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Note").FillAsync(note);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();

        await Expect(dialog).ToBeHiddenAsync();
        await Expect(tab.Panel("Resolved, but not over (1)").GetByText(note)).ToBeVisibleAsync();
        await Expect(tab.Alert("switched").GetByRole(AriaRole.Button, new() { Name = "Resolve" })).ToHaveCountAsync(0);
        var resolved = (await host.Client.GetFromJsonAsync<JsonElement>("/api/performance/alerts")).GetProperty("resolved")[0];
        resolved.GetProperty("resolutionNote").GetString().Should().Be(note);
        resolved.GetProperty("resolution").GetString().Should().Be("Manual");
        host.Rule.Find();
        await Expect(tab.Panel("Resolved (1)").GetByText(note)).ToBeVisibleAsync(new() { Timeout = 90_000 });
        tab.ShouldBeWithoutProblems();
    }

    [Fact]
    public async Task An_alert_that_is_silenced_gives_way_to_the_others_and_looks_quiet()
    {
        await using var host = await HostedMonitor.StartAsync();
        host.Rule.Find(Hot("a"), Hot("b"), Hot("c"));
        await using var window = await browser.OpenAsync(HostedMonitor.ReaderKey);
        var tab = await window.ShowAsync(host.Dashboard);
        var alerts = tab.Page.Locator("[data-alert]");
        await Expect(alerts).ToHaveCountAsync(3);
        var (first, second) = (await KeyAsync(0), await KeyAsync(1));
        (await ColourAsync(first)).Should().Be(await ColourAsync(second));
        var now = DateTimeOffset.UtcNow;

        host.Monitor.Alerts.Silences.Add(new Silence { Matchers = [new LabelMatcher("instance", first[^1..])], StartsAt = now, EndsAt = now.AddHours(1), Author = "Ann", Reason = "cleaning" });

        await Expect(alerts.Nth(2)).ToHaveAttributeAsync("data-alert", first);
        (await ColourAsync(first)).Should().NotBe(await ColourAsync(second), "nobody is told of it");

        static AlertFinding Hot(string oven) => new(AlertSeverity.Critical, $"Oven {oven} is too hot") { Instance = oven };
        async Task<string> KeyAsync(int place) => (await alerts.Nth(place).GetAttributeAsync("data-alert"))!;
        Task<string> ColourAsync(string key) => tab.Alert(key).Locator(".badge").EvaluateAsync<string>("badge => getComputedStyle(badge).backgroundColor");
    }

    [Fact]
    public async Task A_reader_sees_no_button_that_changes_something_and_is_refused_when_asking_anyway()
    {
        await using var host = await HostedMonitor.StartAsync();
        host.Rule.Find(new AlertFinding(AlertSeverity.Critical, "The ovens are too hot"));
        host.Monitor.CircuitBreakers.GetOrAdd("supplier", static _ => true);
        await using var reader = await browser.OpenAsync(HostedMonitor.ReaderKey);
        await using var admin = await browser.OpenAsync(HostedMonitor.AdminKey);
        var readers = await reader.ShowAsync(host.Dashboard);
        var admins = await admin.ShowAsync(host.Dashboard);
        foreach (var page in new[] { DashboardPage.Alerts, DashboardPage.Redis, DashboardPage.Queue })
        {
            await readers.GoToAsync(page);
            await admins.GoToAsync(page);
            await Expect(ActionsOf(admins).First).ToBeVisibleAsync();
            await Expect(ActionsOf(readers)).ToHaveCountAsync(0);
        }

        readers.ShouldBeWithoutProblems();
        var status = await readers.Page.EvaluateAsync<int>(
            "async key => (await fetch('/api/performance/alerts/switched/resolve', { method: 'POST', headers: { 'X-Api-Key': key, 'Content-Type': 'application/json' }, body: '{}' })).status",
            HostedMonitor.ReaderKey);
        status.Should().Be((int)HttpStatusCode.Forbidden);
        (await host.Client.GetFromJsonAsync<JsonElement>("/api/performance/alerts")).GetProperty("active").GetArrayLength().Should().Be(1);
    }

    private static ILocator ActionsOf(Tab tab) =>
        tab.Main.GetByRole(AriaRole.Button, new() { NameRegex = new($"^({string.Join('|', Actions)})$") });
}
