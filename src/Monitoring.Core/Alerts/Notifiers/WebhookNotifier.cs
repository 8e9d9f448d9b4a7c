using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Posts every notice as JSON to an address, signed by Standard Webhooks: headers <c>webhook-id</c>,
/// <c>webhook-timestamp</c> and <c>webhook-signature</c>. The types are <c>alert.firing</c>, <c>alert.severity-changed</c>
/// and <c>alert.resolved</c>; <c>data</c> is the alert. All attempts of one notice bear one id, by which a receiver tells
/// repetitions. Redirects are not followed. A receiver that answers 410 is not called again. Thread-safe.
/// </summary>
public sealed class WebhookNotifier : IAlertNotifier, IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly HttpClient _client;
    private readonly Uri _uri;
    private readonly byte[] _key;
    private volatile bool _gone;

    /// <summary>Checks the options and prepares the connection, which is made with the first notice.</summary>
    /// <param name="options">Where and how; read once.</param>
    /// <param name="timeProvider">The clock of timestamps, timeouts and delays; the system's by default.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names what is wrong, without secrets.</exception>
    public WebhookNotifier(WebhookNotifierOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new OptionsErrors("webhook notifier");
        options.Validate(errors);
        if (errors.Messages.Count > 0 || !options.TryGetUri(out var uri) || !options.TryGetKey(out var key))
        {
            throw new ArgumentException(string.Join(' ', errors.Messages), nameof(options));
        }

        Name = options.Name;
        _uri = uri;
        _key = key;
        _timeProvider = timeProvider ?? TimeProvider.System;
        Channel = options;

        // One pooled client for the notifier's life; the lifetime of its connections follows changes of DNS.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public AlertChannelOptions Channel { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The receiver has answered 410 before.</exception>
    /// <exception cref="HttpRequestException">The receiver refused the notice, or could not be reached.</exception>
    public async Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var alert = notice.Entries[0].Alert;
        if (_gone)
        {
            throw new InvalidOperationException($"{_uri.Host} has answered 410 Gone: the notifier '{Name}' is off until the next start.");
        }

        var now = _timeProvider.GetUtcNow();
        using var response = await SendAsync($"msg_{notice.Id}", WebhookNotice.Serialize(alert, now), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            _gone = true;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{_uri.Host} answered {(int)response.StatusCode} to the notice of {alert.Key}.", null, response.StatusCode);
        }

        return null;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    // Each attempt has a timestamp and so a signature of its own: receivers refuse old ones.
    private async Task<HttpResponseMessage> SendAsync(string id, byte[] body, CancellationToken cancellationToken)
    {
        var timestamp = _timeProvider.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, _uri)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(_key, id, timestamp, body));
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }
}
