using System.Text.Json;
using Monitoring.TestSupport;

namespace Monitoring.Cli.Tests;

/// <summary>What is printed for Prometheus and Grafana, by a service that really runs.</summary>
public sealed class PrometheusTests
{
    [Fact]
    public async Task The_rule_file_is_printed_so_that_promtool_accepts_it()
    {
        await using var service = await Service.StartAsync();
        var (exitCode, output, error) = await service.RunAsync("prometheus-rules");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, output);
            var check = await Promtool.RunAsync(null, "check", "rules", file);

            (exitCode, error).Should().Be((0, ""));
            check.ExitCode.Should().Be(0, check.Output);
            output.Should().StartWith("# ").And.Contain("- alert: \"redis-operation-latency\"").And.EndWith("\n");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_dashboard_is_printed_as_json_and_nothing_else()
    {
        await using var service = await Service.StartAsync();
        var (exitCode, output, error) = await service.RunAsync("grafana-dashboard");

        (exitCode, error).Should().Be((0, ""));
        using var json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("panels").GetArrayLength().Should().BePositive();
    }

    [Fact]
    public async Task What_is_no_api_and_who_has_no_key_is_said_in_one_line()
    {
        await using var service = await Service.StartAsync();

        var elsewhere = await service.RunAsync("prometheus-rules", "--url", service.Url.Replace("/api/performance", "/elsewhere", StringComparison.Ordinal));
        elsewhere.Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 2 && run.Output.Length == 0 && run.Error.Contains("404"));
        var keyless = await service.RunAsync("grafana-dashboard", "--key", "wrong");
        keyless.Should().Match<(int ExitCode, string Output, string Error)>(static run => run.ExitCode == 1 && run.Output.Length == 0 && run.Error.Contains("--key"));
    }
}
