using Microsoft.Playwright;

namespace Monitoring.IntegrationTests.Dashboard;

[Collection(nameof(Browsing))]
public sealed class HiddenTabTests(Browser browser)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_hidden_tab_asks_for_nothing_until_it_is_seen_again()
    {
        await using var host = await HostedMonitor.StartAsync();
        await using var window = await browser.OpenAsync(HostedMonitor.ReaderKey);
        var hidden = await window.ShowAsync(host.Dashboard);
        var seen = await window.ShowAsync(host.Dashboard);
        await Eventually.Async(() => Task.FromResult(hidden.Messages > 1), Patience, () => "no snapshot came");

        await SetHiddenAsync(hidden.Page, true);
        await NextMessagesAsync(seen, 2);
        var (messages, requests) = (hidden.Messages, hidden.Requests.Count);
        await NextMessagesAsync(seen, 4);
        hidden.Messages.Should().Be(messages, "nobody sees it");
        hidden.Requests.Should().HaveCount(requests, "nobody sees it");

        await SetHiddenAsync(hidden.Page, false);
        await Eventually.Async(() => Task.FromResult(hidden.Messages > messages), Patience, () => "it did not go on");
        await hidden.WaitUntilLiveAsync();
    }

    // The other tab is the clock: it is fed once a second by the same service.
    private static Task NextMessagesAsync(Tab tab, int count)
    {
        var until = tab.Messages + count;
        return Eventually.Async(() => Task.FromResult(tab.Messages >= until), Patience, () => "the tab that is seen is not fed");
    }

    // A browser without a window shows every tab, so the page is told what it would be told.
    private static Task SetHiddenAsync(IPage page, bool hidden) => page.EvaluateAsync(
        """
        hidden => {
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
          Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        hidden);
}
