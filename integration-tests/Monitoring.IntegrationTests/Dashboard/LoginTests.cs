using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.IntegrationTests.Dashboard;

[Collection(nameof(Browsing))]
public sealed class LoginTests(Browser browser, BusySample sample)
{
    [Fact]
    public async Task Without_a_key_there_is_nothing_but_the_login()
    {
        await using var window = await browser.OpenAsync();
        var tab = await window.NewTabAsync();

        await tab.Page.GotoAsync($"{sample.Dashboard}#/redis");

        await Expect(tab.Page.GetByLabel("Key")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" })).ToBeVisibleAsync();
        await Expect(tab.Page.GetByRole(AriaRole.Table)).ToHaveCountAsync(0);
        await Expect(tab.Page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_wrong_key_is_told_and_the_right_one_lets_in_and_stays_for_this_tab_only()
    {
        await using var window = await browser.OpenAsync();
        var tab = await window.NewTabAsync();
        await tab.Page.GotoAsync(sample.Dashboard.ToString());

        await tab.TryKeyAsync("not-the-key-0123456789");
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(new Regex("key", RegexOptions.IgnoreCase));
        await Expect(tab.Page.GetByLabel("Key")).ToBeVisibleAsync();

        await tab.LogInAsync(SampleStage.ReaderKey);
        await tab.Page.ReloadAsync();
        await tab.WaitUntilLiveAsync();
        (await tab.Page.EvaluateAsync<string>("() => JSON.stringify({ ...localStorage }) + document.cookie")).Should().Be("{}");

        var other = await window.NewTabAsync();
        await other.Page.GotoAsync(sample.Dashboard.ToString());
        await Expect(other.Page.GetByLabel("Key")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_key_is_in_no_address_that_the_browser_asks_for()
    {
        await using var window = await browser.OpenAsync();
        var tab = await window.NewTabAsync();
        await tab.Page.GotoAsync(sample.Dashboard.ToString());
        await tab.LogInAsync(SampleStage.ReaderKey);
        foreach (var page in DashboardPage.All)
        {
            await tab.GoToAsync(page);
        }

        // As it is, and as the WebSocket's handshake carries it.
        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(SampleStage.ReaderKey)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        tab.Requests.Should().Contain(static address => address.StartsWith("ws:", StringComparison.Ordinal), "the WebSocket is among them");
        tab.Requests.Should().Contain(static address => address.EndsWith("/session", StringComparison.Ordinal), "the API is among them");
        tab.Requests.Should().OnlyContain(address => !address.Contains(SampleStage.ReaderKey, StringComparison.Ordinal) && !address.Contains(encoded, StringComparison.Ordinal));
        tab.Requests.Should().OnlyContain(address => new Uri(address).Authority == sample.Dashboard.Authority || address.StartsWith("data:", StringComparison.Ordinal), "nobody else is asked");
        tab.Page.Url.Should().NotContain(SampleStage.ReaderKey);
    }
}
