using System.Net.NetworkInformation;
using Monitoring.IntegrationTests.Service;
using Xunit.Abstractions;

namespace Monitoring.IntegrationTests.Dashboard;

[Collection(nameof(Browsing))]
public sealed class ManyTabsTests(Browser browser, BusySample sample, ITestOutputHelper output)
{
    private const int Tabs = 20;
    private static readonly TimeSpan Open = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // What the load itself adds meanwhile, and what lies between two collections. A megabyte a tab would be 20.
    private const double AllowedGrowth = 8;

    [Fact]
    public async Task Twenty_tabs_for_a_minute_do_not_make_the_service_grow()
    {
        var connectionsBefore = Connections();
        await using (var window = await browser.OpenAsync(SampleStage.ReaderKey))
        {
            var first = await LeastHeapAsync();
            var tabs = new List<Tab>();
            for (var i = 0; i < Tabs; i++)
            {
                tabs.Add(await window.ShowAsync(sample.Dashboard, DashboardPage.All[i % DashboardPage.All.Count].Path));
            }

            var opened = await LeastHeapAsync();
            var messages = tabs.Sum(static tab => tab.Messages);
            await Task.Delay(Open - (2 * Look));
            var atTheEnd = await LeastHeapAsync();
            messages = tabs.Sum(static tab => tab.Messages) - messages;

            output.WriteLine($"heap {first:0.0} MB without tabs, {opened:0.0} MB with {Tabs}, {atTheEnd:0.0} MB after a minute; {messages} snapshots");
            messages.Should().BeGreaterThan(Tabs * 10, "all of them are fed all the time");
            (atTheEnd - opened).Should().BeLessThan(AllowedGrowth, "what is sent is forgotten");
            foreach (var tab in tabs)
            {
                tab.ShouldBeWithoutProblems();
            }
        }

        await Eventually.Async(() => Task.FromResult(Connections() <= connectionsBefore), Patience, () => $"{Connections()} connections are open; before the tabs it were {connectionsBefore}");
    }

    /// <summary>The smallest heap within some seconds, in MB: what is left right after a collection.</summary>
    private async Task<double> LeastHeapAsync()
    {
        var least = double.MaxValue;
        var until = Environment.TickCount64 + (long)Look.TotalMilliseconds;
        while (Environment.TickCount64 < until)
        {
            var system = await sample.Service.GetAsync("system?window=1m");
            least = Math.Min(least, system.GetProperty("memory").GetProperty("managedHeapBytes").GetInt64() / 1e6);
            await Task.Delay(500);
        }

        return least;
    }

    private int Connections() =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
            .Count(connection => connection.State == TcpState.Established && connection.LocalEndPoint.Port == sample.Dashboard.Port);
}
