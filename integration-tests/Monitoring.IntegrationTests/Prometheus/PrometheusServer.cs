using System.Text.Json;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Prometheus;

/// <summary>A real Prometheus that scrapes one service every second and evaluates the rules that the service prints.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly HttpClient _client;

    private PrometheusServer(ServerProcess process)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri($"http://{process.EndPoint}/api/v1/"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public static async Task<PrometheusServer> StartAsync(ScrapedService service)
    {
        var rules = await service.GetAsync("prometheus/rules");
        var prometheus = new PrometheusServer(await ServerProcess.StartPrometheusAsync(async folder =>
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), rules);
            await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
                global:
                  scrape_interval: 1s
                  scrape_timeout: 1s
                  evaluation_interval: 1s
                rule_files: ["rules.yml"]
                scrape_configs:
                  - job_name: shop
                    metrics_path: {{ScrapedService.MetricsPath}}
                    static_configs:
                      - targets: ["{{service.Target}}"]
                """);
        }));

        // It listens before it can answer.
        await Eventually.Async(prometheus.IsReadyAsync, TimeSpan.FromMinutes(1), static () => "Prometheus is not ready");
        return prometheus;
    }

    /// <summary>The <c>data</c> of an answer that says success; fails with what it says otherwise.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        json.RootElement.GetProperty("status").GetString().Should().Be("success", "of {0}: {1}", path, json.RootElement.GetRawText());
        return json.RootElement.GetProperty("data").Clone();
    }

    /// <summary>Evaluates an expression now.</summary>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string expression) =>
        [.. (await GetAsync($"query?query={Uri.EscapeDataString(expression)}")).GetProperty("result").EnumerateArray()];

    private async Task<bool> IsReadyAsync()
    {
        using var response = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative));
        return response.IsSuccessStatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }
}
