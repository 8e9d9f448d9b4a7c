using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Monitoring.AspNetCore.Live;
using Monitoring.AspNetCore.Page;
using Monitoring.AspNetCore.Tests.Prometheus;

namespace Monitoring.AspNetCore.Tests.Page;

/// <summary>The report as a browser reads it.</summary>
public sealed partial class ReportTests
{
    private const int LargestReport = 4 * 1024 * 1024;

    [Fact]
    public async Task It_is_one_file_with_the_figures_of_every_page()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        await BusyService.WorkAsync(host.Monitor, host.Clock);

        using var response = await host.GetAsync("report.html?window=5m", MonitoringHost.AdminKey);
        var html = await response.Content.ReadAsStringAsync();
        var data = DataIn(html);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
        response.Content.Headers.ContentDisposition!.ToString().Should().MatchRegex("^inline; filename=\"monitoring-report-20260101T[0-9]{6}Z\\.html\"$");
        html.Length.Should().BeLessThan(LargestReport);
        html.Should().NotContainAny("./assets/", "<meta name=\"monitoring-api\"", "{nonce}", "nonce=");
        data.GetProperty("session").Text("role").Should().Be("Reader", "a report changes nothing, whoever makes it");
        data.GetProperty("session").Text("name").Should().Be("admin");
        foreach (var page in Enum.GetNames<LivePage>())
        {
            data.GetProperty("live").GetProperty(page).Text("page").Should().Be(page);
            data.GetProperty("live").GetProperty(page).GetProperty("windowMs").GetDouble().Should().Be(300_000);
        }

        data.GetProperty("live").GetProperty("Redis").GetProperty("redis").GetProperty("operations").GetProperty("totalOperations").GetInt64().Should().BePositive();
        data.GetProperty("history").GetProperty("series").EnumerateArray().Should().NotBeEmpty().And.OnlyContain(static series => series.GetProperty("instance").ValueKind == JsonValueKind.Null);
        data.GetProperty("latencyMap").ValueKind.Should().Be(JsonValueKind.Object);
        data.GetProperty("changes").GetProperty("changes").EnumerateArray().Should().NotBeEmpty();
        data.GetProperty("settings").GetProperty("Alerts").GetProperty("Thresholds").GetProperty("CpuWarningPercent").GetDouble().Should().Be(80);
        data.GetProperty("settings").EnumerateObject().Should().ContainSingle("a file goes further than an answer");
    }

    [Fact]
    public async Task Its_policy_allows_exactly_what_is_in_it_with_and_without_a_server()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        using var response = await host.GetAsync("report.html", MonitoringHost.ReaderKey);
        var html = await response.Content.ReadAsStringAsync();

        var header = response.Headers.GetValues("Content-Security-Policy").Should().ContainSingle().Subject;
        var inside = Regex.Match(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\" />").Groups[1].Value;

        header.Should().Be($"{inside}; frame-ancestors 'none'").And.StartWith("default-src 'none'; ").And.NotContainAny("unsafe", "http");
        header.Should().Contain($"script-src {HashOf(Script().Match(html).Groups[1].Value)};").And.Contain($"style-src {HashOf(Style().Match(html).Groups[1].Value)};");
        html.IndexOf("http-equiv", StringComparison.Ordinal).Should().BeLessThan(html.IndexOf("<script", StringComparison.Ordinal), "a policy holds for what comes after it");
        Encoding.UTF8.GetBytes(html[..html.IndexOf("http-equiv", StringComparison.Ordinal)]).Length.Should().BeLessThan(1024, "the character set is looked for there");
    }

    [Fact]
    public void What_looks_like_an_end_in_script_style_or_data_ends_nothing()
    {
        const string Index = """<!doctype html><html><head><meta charset="utf-8" /><meta name="monitoring-api" content="/" /><script type="module" crossorigin src="./assets/a.js" nonce="{nonce}"></script><link rel="stylesheet" crossorigin href="./assets/a.css"></head><body><div id="app"></div></body></html>""";
        var page = new ReportPage(Index, "x = '</script><SCRIPT><!--' + `$1$&`;\r\ny = /<!--/u;", "a::after { content: '</style><img>$0' }");

        var html = Encoding.UTF8.GetString(page.With("""{"note":"</script><!-- <script> $1 \u202e"}"""));

        Regex.Count(html, "</script", RegexOptions.IgnoreCase).Should().Be(2);
        Regex.Count(html, "<script", RegexOptions.IgnoreCase).Should().Be(2);
        Regex.Count(html, "</style", RegexOptions.IgnoreCase).Should().Be(1);
        html.Should().NotContain("<!--").And.NotContain("{nonce}");
        Script().Match(html).Groups[1].Value.Should().Be("x = '\\x3c/script>\\x3cSCRIPT>\\x3c!--' + `$1$&`;\ny = /\\x3c!--/u;");
        page.Policy.Should().Contain(HashOf(Script().Match(html).Groups[1].Value)).And.Contain(HashOf(Style().Match(html).Groups[1].Value));
        DataIn(html).Text("note").Should().Be("</script><!-- <script> $1 \u202e");
    }

    [Fact]
    public async Task Hostile_names_stay_data()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var hostile = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>\u202e" + new string('x', 10_000);
        host.Monitor.CircuitBreakers.GetOrAdd(hostile, static _ => true);

        using var response = await host.GetAsync("report.html", MonitoringHost.ReaderKey);
        var html = await response.Content.ReadAsStringAsync();

        Regex.Count(html, "<script").Should().Be(2);
        DataIn(html).GetProperty("live").GetProperty("Overview").GetProperty("overview").GetProperty("circuitBreakers").EnumerateArray()
            .Should().Contain(circuit => circuit.GetProperty("name").GetString()!.StartsWith("</script><script>"));
    }

    [Fact]
    public async Task It_is_for_readers()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        (await host.GetAsync("report.html")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await host.GetAsync("report.html?window=2d", MonitoringHost.ReaderKey)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static JsonElement DataIn(string html)
    {
        var text = Regex.Match(html, "<script type=\"application/json\" id=\"report\">([^<]*)</script>").Groups[1].Value;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    [GeneratedRegex("<script type=\"module\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
