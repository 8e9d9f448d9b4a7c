using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>What the page does when the service cannot be heard, and afterwards.</summary>
[Collection(nameof(Browsing))]
public sealed class RecoveryTests(Browser browser)
{
    [Fact]
    public async Task The_page_says_since_when_it_is_stale_and_goes_on_by_itself_when_the_service_is_back()
    {
        await using var stage = await SampleStage.StartAsync();
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var tab = await window.ShowAsync(stage.Dashboard);
        await tab.Page.EvaluateAsync("() => { window.sameDocument = true }");

        await stage.Service.KillAsync();
        await Expect(tab.Feed).ToHaveTextAsync(new Regex(@"^Stale since \d{1,2}:\d\d:\d\d"));
        await stage.Service.RestartAsync();

        await tab.WaitUntilLiveAsync();
        (await tab.Page.EvaluateAsync<bool>("() => window.sameDocument === true")).Should().BeTrue("nobody reloaded");
        await tab.GoToAsync(DashboardPage.Redis);
        await Expect(tab.Main).ToContainTextAsync("SET");
    }

    [Fact]
    public async Task Where_WebSockets_are_refused_it_polls()
    {
        var polls = 0;
        await using var host = await HostedMonitor.StartAsync(configure: app => app.Use(async (context, next) =>
        {
            // As a proxy does that knows nothing of upgrades.
            if (context.WebSockets.IsWebSocketRequest || context.Request.Headers.Upgrade.Count > 0)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
            }

            if (context.Request.Path.Value!.EndsWith("/live", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref polls);
            }

            await next(context);
        }));
        await using var window = await browser.OpenAsync(HostedMonitor.ReaderKey);
        var tab = await window.ShowAsync(host.Dashboard, DashboardPage.Redis.Path);

        host.Monitor.RecordRedisOperation(new("BREAD.BAKE", TimeSpan.FromMilliseconds(5)));

        await Expect(tab.Main).ToContainTextAsync("BREAD.BAKE");
        tab.Messages.Should().Be(0);
        Volatile.Read(ref polls).Should().BeGreaterThan(1);
    }
}
