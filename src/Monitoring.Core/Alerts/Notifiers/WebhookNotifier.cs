using System.Globalization;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Posts every notice as JSON to an address, signed by Standard Webhooks: headers <c>webhook-id</c>,
/// <c>webhook-timestamp</c> and <c>webhook-signature</c>, which holds a signature for each secret while secrets change. The
/// types are <c>alert.firing</c>, <c>alert.resolved</c>, <c>alert.mixed</c>, <c>alert.digest</c> and <c>test</c>. All attempts of one notice bear
/// one id, by which a receiver tells repetitions. Redirects are not followed. Thread-safe.
/// </summary>
public sealed class WebhookNotifier : IAlertNotifier, IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly NotifierHttp _http;
    private readonly IReadOnlyList<byte[]> _keys;

    /// <summary>Checks the options and prepares the connection, which is made with the first notice.</summary>
    /// <param name="options">Where and how; read once.</param>
    /// <param name="timeProvider">The clock of timestamps; the system's by default.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names what is wrong, without secrets.</exception>
    public WebhookNotifier(WebhookNotifierOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        options.TryGetUri(out var uri);
        Name = options.Name;
        Channel = options;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _keys = options.GetKeys();
        _http = new NotifierHttp(options, uri!, _timeProvider);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public AlertChannelOptions Channel { get; }

    /// <inheritdoc/>
    public async Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);

        // Each attempt has a timestamp and so a signature of its own: receivers refuse old ones.
        var now = _timeProvider.GetUtcNow();
        var id = $"msg_{notice.Id}";
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var body = WebhookNotice.Serialize(notice, now);
        var signatures = string.Join(' ', _keys.Select(key => WebhookSignature.Sign(key, id, timestamp, body)));
        await _http.PostAsync(
            body,
            headers =>
            {
                headers.Add("webhook-id", id);
                headers.Add("webhook-timestamp", timestamp);
                headers.Add("webhook-signature", signatures);
            },
            explain: null,
            cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();
}
