using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>Every page under load: real figures, the same as the API's, in every width and both schemes.</summary>
[Collection(nameof(Browsing))]
public sealed class PageTests(Browser browser, BusySample sample)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] NoFigures = ["NaN", "undefined", "Infinity", "[object Object]"];

    public static TheoryData<string> Pages { get; } = [.. DashboardPage.All.Select(static page => page.Title)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Shows_figures_in_every_width_and_scheme(string title)
    {
        var page = DashboardPage.All.Single(page => page.Title == title);
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var tab = await window.ShowAsync(sample.Dashboard, page.Path);
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(page.Title);
        await Expect(tab.Main.GetByRole(AriaRole.Heading, new() { Level = 2 }).First).ToBeVisibleAsync();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await tab.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var width in new[] { 360, 1280, 3840 })
            {
                await tab.Page.SetViewportSizeAsync(width, 900);
                (await tab.ReadAsync()).Should().MatchRegex(@"\d", "{0} has figures", page).And.NotContainAny(NoFigures);
                string[] wider = [];
                await Eventually.Async(
                    async () => (wider = await Layout.FindOverflowAsync(tab.Page)).Length == 0, TimeSpan.FromSeconds(5),
                    () => $"{page} is wider than {width} px: {string.Join("; ", wider)}");
            }
        }

        tab.ShouldBeWithoutProblems();
    }

    [Fact]
    public Task Redis_counts_each_command_as_the_API_does() => ShouldAgreeAsync(DashboardPage.Redis, "Calls", async () =>
        (await sample.Service.GetAsync("redis-operations?window=1h")).GetProperty("operationsByType").EnumerateObject()
            .ToDictionary(static operation => operation.Name, static operation => operation.Value.GetProperty("count").GetDouble()));

    [Fact]
    public Task Requests_counts_each_endpoint_as_the_API_does() => ShouldAgreeAsync(DashboardPage.Requests, "Requests", async () =>
        (await sample.Service.GetAsync("dashboard?window=1h")).GetProperty("requests").GetProperty("endpoints").EnumerateArray()
            .ToDictionary(static endpoint => $"{endpoint.GetProperty("method").GetString()} {endpoint.GetProperty("endpoint").GetString()}", Count));

    [Fact]
    public Task Webhooks_counts_each_endpoint_as_the_API_does() => ShouldAgreeAsync(DashboardPage.Webhooks, "Webhooks", async () =>
        (await sample.Service.GetAsync("webhook-timing?window=1h")).GetProperty("endpoints").EnumerateArray()
            .ToDictionary(static endpoint => endpoint.GetProperty("endpoint").GetString()!, Count));

    [Fact]
    public async Task Queue_counts_finished_tasks_as_the_API_does()
    {
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var tab = await window.ShowAsync(sample.Dashboard, DashboardPage.Queue.Path);
        await tab.Page.GetByLabel("Time window").SelectOptionAsync("1h");
        var least = await CompletedAsync();
        least.Should().BePositive();
        string? shown = null;
        await Eventually.Async(
            async () => Shown.Number(shown = await tab.FigureAsync("Arrivals and completions", "Done")) >= Shown.Least(least), Patience,
            () => $"the page shows '{shown}', the API said {least} before");
        Shown.Number(shown).Should().BeLessThanOrEqualTo(Shown.Most(await CompletedAsync()));

        async Task<double> CompletedAsync() => (await sample.Service.GetAsync("task-queue?window=1h")).GetProperty("completed").GetDouble();
    }

    [Fact]
    public async Task System_shows_the_memory_of_the_process()
    {
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var tab = await window.ShowAsync(sample.Dashboard, DashboardPage.System.Path);
        string? shown = null;
        await Eventually.Async(async () => Shown.Number(shown = await tab.FigureAsync("Memory", "This process")) > 0, Patience, () => $"the page shows '{shown}'");
        var told = (await sample.Service.GetAsync("system?window=5m")).GetProperty("memory").GetProperty("workingSetBytes").GetDouble();
        Shown.Number(shown).Should().BeInRange(told * 0.8, told * 1.2, "memory moves a little between two looks");
    }

    [Fact]
    public async Task Overview_has_four_lanes_with_figures_and_a_chart_each_and_the_status_of_the_API()
    {
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var tab = await window.ShowAsync(sample.Dashboard);
        foreach (var lane in new[] { "Webhooks", "Redis", "Queue", "System" })
        {
            await Expect(tab.Panel(lane).Locator("canvas")).ToBeVisibleAsync();
            var figures = await tab.Panel(lane).Locator("dd .number").AllInnerTextsAsync();
            figures.Where(static figure => figure.Any(char.IsAsciiDigit)).Should().HaveCountGreaterThan(1, "{0} is under load", lane);
        }

        await Eventually.Async(
            async () => (await tab.Status.InnerTextAsync()).EndsWith((await sample.Service.GetAsync("summary?window=5m")).GetProperty("status").GetString()!, StringComparison.Ordinal), Patience,
            static () => "the page and the API disagree");
    }

    [Fact]
    public async Task Alerts_lists_every_rule_with_its_condition()
    {
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var tab = await window.ShowAsync(sample.Dashboard, DashboardPage.Alerts.Path);
        var rules = (await sample.Service.GetAsync("alerts/rules")).GetProperty("rules").EnumerateArray().ToList();
        rules.Should().HaveCountGreaterThan(10);
        await Expect(tab.Panel("Rules").Locator("tbody tr")).ToHaveCountAsync(rules.Count);
        foreach (var rule in rules)
        {
            (await tab.CellAsync(rule.GetProperty("name").GetString()!, "Condition")).Should().StartWith(rule.GetProperty("condition").GetString());
        }
    }

    [Fact]
    public async Task History_draws_what_the_service_remembers()
    {
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var tab = await window.ShowAsync(sample.Dashboard, DashboardPage.History.Path);
        var canvas = tab.Main.Locator("canvas").First;
        await Expect(canvas).ToBeVisibleAsync();

        // Lines and labels have more than the one colour of an empty canvas.
        await Eventually.Async(
            async () => await canvas.EvaluateAsync<int>("canvas => new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size") > 3, Patience,
            static () => "nothing is drawn");
    }

    /// <summary>What the page shows is no less than the API said before and no more than it says afterwards: the counts only grow meanwhile.</summary>
    private async Task ShouldAgreeAsync(DashboardPage page, string column, Func<Task<Dictionary<string, double>>> ask)
    {
        await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
        var tab = await window.ShowAsync(sample.Dashboard, page.Path);
        await tab.Page.GetByLabel("Time window").SelectOptionAsync("1h");
        var before = await ask();
        before.Should().NotBeEmpty().And.OnlyContain(static known => known.Value > 0);
        foreach (var (name, least) in before)
        {
            string? shown = null;
            await Eventually.Async(
                async () => Shown.Number(shown = await tab.CellAsync(name, column)) >= Shown.Least(least), Patience,
                () => $"{name}: the page shows '{shown}' in '{column}', the API said {least} before");
            Shown.Number(shown).Should().BeLessThanOrEqualTo(Shown.Most((await ask())[name]), "{0} is counted as the API does", name);
        }
    }

    private static double Count(JsonElement row) => row.GetProperty("count").GetDouble();
}
