using System.Net;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>The page works wherever it is mapped.</summary>
[Collection(nameof(Browsing))]
public sealed class PathTests(Browser browser)
{
    [Fact]
    public async Task Under_a_path_base()
    {
        await using var host = await HostedMonitor.StartAsync("/app");
        await ShouldWorkAsync(host, new Uri(host.Address, "/app/monitoring/"));
    }

    [Fact]
    public async Task Behind_a_proxy_that_strips_a_prefix()
    {
        await using var host = await HostedMonitor.StartAsync();
        await using var proxy = await StrippingProxy.StartAsync("/tools/shop", host.Address);
        await ShouldWorkAsync(host, new Uri(proxy.Address, "/tools/shop/monitoring/"));
    }

    [Theory]
    [InlineData("", "/monitoring")]
    [InlineData("/app", "/app/monitoring")]
    public async Task Without_the_slash_at_the_end(string pathBase, string path)
    {
        await using var host = await HostedMonitor.StartAsync(pathBase);
        await ShouldWorkAsync(host, new Uri(host.Address, path));
    }

    private async Task ShouldWorkAsync(HostedMonitor host, Uri dashboard)
    {
        host.Monitor.RecordRedisOperation(new("BREAD.BAKE", TimeSpan.FromMilliseconds(5)));
        await using var window = await browser.OpenAsync(HostedMonitor.ReaderKey);
        var tab = await window.NewTabAsync();
        var failed = new List<string>();
        tab.Page.Response += (_, response) =>
        {
            if (response.Status >= (int)HttpStatusCode.BadRequest)
            {
                failed.Add($"{response.Status} {response.Url}");
            }
        };
        await tab.Page.GotoAsync(dashboard.ToString());
        await tab.WaitUntilLiveAsync();
        await tab.GoToAsync(DashboardPage.Redis);

        await Microsoft.Playwright.Assertions.Expect(tab.Main).ToContainTextAsync("BREAD.BAKE");
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('[data-testid=feed]').textContent === 'Live'");
        tab.Messages.Should().BePositive("it is fed by the WebSocket");
        failed.Should().BeEmpty();
        tab.ShouldBeWithoutProblems();
    }
}
