using System.Net;
using System.Text.Json;
using Monitoring.AspNetCore.Prometheus;

namespace Monitoring.AspNetCore.Tests.Prometheus;

public sealed class DashboardTests
{
    [Fact]
    public void Every_panel_asks_for_what_is_exported()
    {
        foreach (var (expression, legend) in Panels.Rows.SelectMany(row => row.Panels).SelectMany(panel => panel.Queries))
        {
            PromQl.ShouldBeExported(expression, legend);
            expression.Should().Contain("{job=~\"$job\",instance=~\"$instance\"");
        }
    }

    [Fact]
    public async Task It_is_sent_as_json_that_grafana_can_import()
    {
        await using var host = await MonitoringHost.StartAsync(caller: IPAddress.Loopback);
        using var response = await host.SendAsync(HttpMethod.Get, "prometheus/dashboard", change: static request => request.Headers.Host = "localhost");
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var dashboard = json.RootElement;

        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        dashboard.GetProperty("uid").GetString().Should().MatchRegex("^[a-zA-Z0-9_-]{1,40}$");
        dashboard.GetProperty("schemaVersion").GetInt32().Should().BeGreaterThanOrEqualTo(39);
        dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Select(variable => (variable.GetProperty("name").GetString(), variable.GetProperty("type").GetString()))
            .Should().Equal(("datasource", "datasource"), ("job", "query"), ("instance", "query"));
        foreach (var target in dashboard.GetProperty("panels").EnumerateArray().Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Append(panel)))
        {
            target.GetProperty("datasource").GetProperty("uid").GetString().Should().Be("${datasource}");
        }
    }

    [Fact]
    public async Task Panels_have_ids_of_their_own_and_do_not_overlap()
    {
        await using var host = await MonitoringHost.StartAsync(caller: IPAddress.Loopback);
        using var response = await host.SendAsync(HttpMethod.Get, "prometheus/dashboard", change: static request => request.Headers.Host = "localhost");
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var panels = json.RootElement.GetProperty("panels").EnumerateArray().ToList();

        panels.Should().HaveCount(Panels.Rows.Sum(row => 1 + row.Panels.Length));
        panels.Select(panel => panel.GetProperty("id").GetInt32()).Should().OnlyHaveUniqueItems().And.OnlyContain(id => id > 0);
        var cells = new HashSet<(int, int)>();
        foreach (var place in panels.Select(panel => panel.GetProperty("gridPos")))
        {
            var (x, y, width, height) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            (x + width).Should().BeLessThanOrEqualTo(24);
            for (var cell = 0; cell < width * height; cell++)
            {
                cells.Add((x + (cell % width), y + (cell / width))).Should().BeTrue("two panels may not lie at {0}, {1}", x, y);
            }
        }

        cells.Count.Should().Be(24 * (cells.Max(cell => cell.Item2) + 1), "there are no holes");
    }
}
