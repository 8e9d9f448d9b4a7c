using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>What the page weighs, and how soon it says something.</summary>
[Collection(nameof(Browsing))]
public sealed partial class FirstPaintTests(Browser browser, BusySample sample, ITestOutputHelper output)
{
    private const int Tries = 5;
    private const int MostBytes = 120 * 1024;

    // The moment at which the first figure of the overview is painted: a digit in a figure, and then a frame.
    private const string Watch = """
        new MutationObserver((_, observer) => {
          const figure = document.querySelector('main .number');
          if (!figure || !/\d/.test(figure.textContent)) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => { window.firstFigure = performance.now() }));
        }).observe(document, { subtree: true, childList: true, characterData: true });
        """;

    [Fact]
    public async Task Figures_are_there_within_a_second_of_a_cold_load()
    {
        var times = new List<(double Paint, double Figure)>();
        for (var i = 0; i < Tries; i++)
        {
            // A window of its own has an empty cache.
            await using var window = await browser.OpenAsync(SampleStage.ReaderKey);
            await window.Context.AddInitScriptAsync(Watch);
            var tab = await window.NewTabAsync();
            await tab.Page.GotoAsync(sample.Dashboard.ToString());
            await tab.Page.WaitForFunctionAsync("() => window.firstFigure");
            times.Add((
                await tab.Page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"),
                await tab.Page.EvaluateAsync<double>("() => window.firstFigure")));
        }

        output.WriteLine($"first contentful paint / first figure in ms: {string.Join(", ", times.Select(static time => $"{time.Paint:0} / {time.Figure:0}"))}");
        times.Min(static time => time.Figure).Should().BeLessThan(1000);
    }

    [Fact]
    public async Task All_that_is_loaded_is_not_more_than_120_KB_compressed()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = sample.Dashboard };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        var (size, page) = await GetAsync("");
        var assets = Asset().Matches(page).Select(static match => match.Groups[1].Value).Distinct().ToArray();
        assets.Should().HaveCountGreaterThan(1, "there is a script and a stylesheet");
        foreach (var asset in assets)
        {
            var (length, text) = await GetAsync(asset);
            output.WriteLine($"{asset}: {length} bytes, {text.Length} characters");
            length.Should().BeLessThan(text.Length, "it is sent compressed");
            size += length;
        }

        output.WriteLine($"together {size} bytes");
        size.Should().BeLessThanOrEqualTo(MostBytes);

        async Task<(int Size, string Text)> GetAsync(string path)
        {
            using var response = await client.GetAsync(path);
            response.EnsureSuccessStatusCode();
            var bytes = await response.Content.ReadAsByteArrayAsync();
            if (!response.Content.Headers.ContentEncoding.Contains("gzip"))
            {
                return (bytes.Length, System.Text.Encoding.UTF8.GetString(bytes));
            }

            using var reader = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
            return (bytes.Length, await reader.ReadToEndAsync());
        }
    }

    // What the page names besides pictures that it holds itself.
    [GeneratedRegex("""(?:src|href)="(?!data:)([^"]+)""")]
    private static partial Regex Asset();
}
