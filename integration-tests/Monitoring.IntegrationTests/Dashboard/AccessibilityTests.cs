using Microsoft.Playwright;
using Monitoring.Alerts;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.IntegrationTests.Dashboard;

[Collection(nameof(Browsing))]
public sealed class AccessibilityTests(Browser browser, BusySample sample)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_serious_on_any_page(ColorScheme scheme)
    {
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey, scheme: scheme);
        var tab = await window.ShowAsync(sample.Dashboard);
        foreach (var page in DashboardPage.All)
        {
            await tab.GoToAsync(page);
            (await Axe.FindAsync(tab.Page)).Should().BeEmpty("{0} is for everybody", page);
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_serious_in_the_login_and_in_a_dialog(ColorScheme scheme)
    {
        await using var host = await HostedMonitor.StartAsync();
        host.Rule.Find(new AlertFinding(AlertSeverity.Critical, "The ovens are too hot") { Value = 300, Threshold = 250, Unit = "°C" });
        await using var window = await browser.OpenAsync(scheme: scheme);
        var tab = await window.NewTabAsync();
        await tab.Page.GotoAsync(host.Dashboard.ToString());
        await Expect(tab.Page.GetByLabel("Key")).ToBeVisibleAsync();
        (await Axe.FindAsync(tab.Page)).Should().BeEmpty("the login is for everybody");

        await tab.LogInAsync(HostedMonitor.AdminKey);
        await tab.GoToAsync(DashboardPage.Alerts);
        (await Axe.FindAsync(tab.Page)).Should().BeEmpty("an alert is for everybody");
        await tab.Alert("switched").GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        (await Axe.FindAsync(tab.Page)).Should().BeEmpty("a dialog is for everybody");
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_pages_and_actions_and_gets_out_of_a_dialog_where_it_came_in()
    {
        await using var host = await HostedMonitor.StartAsync();
        host.Rule.Find(new AlertFinding(AlertSeverity.Critical, "The ovens are too hot"));
        await using var window = await browser.OpenAsync(HostedMonitor.AdminKey);
        var tab = await window.ShowAsync(host.Dashboard);

        await TabToAsync(tab.Page, "nav a[href='#/alerts']");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Alert("switched")).ToBeVisibleAsync();
        await TabToAsync(tab.Page, "article[data-alert] button:text('Resolve')");
        await tab.Page.Keyboard.PressAsync("Enter");
        var dialog = tab.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToBeVisibleAsync();
        (await tab.Page.EvaluateAsync<bool>("() => document.activeElement.closest('dialog') !== null")).Should().BeTrue("what is typed goes to the dialog");

        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(tab.Alert("switched").GetByRole(AriaRole.Button, new() { Name = "Resolve" })).ToBeFocusedAsync();
    }

    /// <summary>Presses Tab until the focus is there, and sees that it can be seen on the way.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        const int mostStops = 200;
        var wanted = await page.Locator(selector).First.ElementHandleAsync();
        for (var i = 0; i < mostStops; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("wanted => document.activeElement === wanted", wanted))
            {
                (await page.EvaluateAsync<bool>("() => document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle !== 'none'"))
                    .Should().BeTrue("{0} shows that it has the focus", selector);
                return;
            }
        }

        throw new InvalidOperationException($"{mostStops} times Tab did not lead to {selector}.");
    }
}
