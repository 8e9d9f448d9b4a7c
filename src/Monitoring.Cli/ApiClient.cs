using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Monitoring.Cli;

/// <summary>Speaks to the API of one service.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    public ApiClient(Uri address, string? key)
    {
        // A redirect could carry the key to somebody else.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = WithSlash(address), Timeout = Timeout };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", key);
        }
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Gets what is no JSON, or is to be passed on as it is.</summary>
    public async Task<string> GetTextAsync(string path, string mediaType, CancellationToken cancellationToken)
    {
        var (status, type, text) = await ExchangeAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
        return status == HttpStatusCode.OK && type == mediaType ? text : throw Refusal(status, Parse(text));
    }

    public Task<JsonElement> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, cancellationToken);

    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var (status, _, text) = await ExchangeAsync(method, path, body, cancellationToken).ConfigureAwait(false);
        var answer = Parse(text);
        return status == HttpStatusCode.OK && answer is { } element ? element : throw Refusal(status, answer);
    }

    private async Task<(HttpStatusCode Status, string? MediaType, string Text)> ExchangeAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
            }

            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, text);
        }
        catch (HttpRequestException exception)
        {
            throw new ApiException($"{_http.BaseAddress} cannot be reached: {exception.Message}", isUnreachable: true, exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiException($"{_http.BaseAddress} did not answer within {Timeout.TotalSeconds:0} s.", isUnreachable: true, exception);
        }
    }

    private ApiException Refusal(HttpStatusCode status, JsonElement? answer) => status switch
    {
        HttpStatusCode.Unauthorized => new ApiException("The service wants a key; give it with --key or MONITORING_KEY."),
        HttpStatusCode.Forbidden => new ApiException("This needs the key of an admin; give it with --key or MONITORING_KEY."),
        _ when Detail(answer) is { } detail => new ApiException(detail),
        _ => new ApiException($"{_http.BaseAddress} answered {(int)status} and not as the API does; is it mapped there (--url)?", isUnreachable: true),
    };

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // RFC 9457.
    private static string? Detail(JsonElement? answer) =>
        answer is { ValueKind: JsonValueKind.Object } problem && problem.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String
            ? detail.GetString()
            : null;

    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri($"{address.AbsoluteUri}/");
}
