using System.Net.Http.Json;
using System.Text.Json;

namespace WebhookLoad;

/// <summary>Reads the service's monitoring API, and its own count of what it processed.</summary>
internal sealed class MonitoringApi : IDisposable
{
    private readonly HttpClient _client;

    public MonitoringApi(Uri service, string key)
    {
        _client = new HttpClient { BaseAddress = service, Timeout = TimeSpan.FromSeconds(10) };
        _client.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken = default) =>
        _client.GetFromJsonAsync<JsonElement>($"/api/performance/{path}", cancellationToken);

    /// <summary>Webhooks whose work is done, as counted in Redis.</summary>
    public async Task<long> GetProcessedAsync() =>
        (await _client.GetFromJsonAsync<JsonElement>("/stats")).GetProperty("processed").GetInt64();

    /// <summary>No answer, none in time, or none that can be used.</summary>
    public static bool IsAway(Exception exception) =>
        exception is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException;

    public void Dispose() => _client.Dispose();
}
