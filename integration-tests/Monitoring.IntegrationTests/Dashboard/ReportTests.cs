using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Monitoring.IntegrationTests.Service;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>The page as one file, read without a service.</summary>
[Collection(nameof(Browsing))]
public sealed class ReportTests(Browser browser, BusySample sample)
{
    [Fact]
    public async Task A_report_shows_every_page_from_a_file_with_no_network()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("monitoring-report-").FullName, "report.html");
        try
        {
            await File.WriteAllBytesAsync(file, await sample.Service.Client.GetByteArrayAsync("/api/performance/report.html"));
            await using var window = await browser.OpenAsync();
            await window.Context.SetOfflineAsync(true);
            var tab = await window.NewTabAsync();
            await tab.Page.GotoAsync(new Uri(file).AbsoluteUri);
            foreach (var page in DashboardPage.All)
            {
                await tab.Page.Locator($"nav a[href='#/{page.Path}']").ClickAsync();
                await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(page.Title);
                await Expect(tab.Main).ToContainTextAsync(new Regex(@"\d"));
                (await tab.ReadAsync()).Should().NotContainAny("NaN", "undefined", "Infinity", "[object Object]", "Waiting for");
            }

            await tab.Page.Locator($"nav a[href='#/{DashboardPage.Redis.Path}']").ClickAsync();
            await Expect(tab.Main).ToContainTextAsync("SET");
            tab.Requests.Should().OnlyContain(static address => address.StartsWith("file:", StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal));
            (await File.ReadAllTextAsync(file)).Should().NotContain(ServiceProcess.AdminKey).And.NotContain(SampleStage.ReaderKey);
            tab.ShouldBeWithoutProblems();
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
