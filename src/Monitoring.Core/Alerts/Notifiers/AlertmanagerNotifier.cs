using System.Net.Http.Headers;
using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Hands alerts to Alertmanager (API v2, <c>POST /api/v2/alerts</c>), which notifies by its own routes. An alert that fires
/// is valid for four times <see cref="AlertChannelOptions.RepeatInterval"/> and sent again every such interval, so it ends there
/// when the process dies; one that is over is sent with its end. Labels are identity there, and <c>severity</c> is one of
/// them, because routes ask for it: when it changes, the alert with the former severity is ended in the same request. Thread-safe.
/// </summary>
public sealed class AlertmanagerNotifier : IAlertNotifier, IDisposable
{
    internal const int ValidityInIntervals = 4;

    private readonly TimeProvider _timeProvider;
    private readonly NotifierHttp _http;
    private readonly AlertmanagerBody _body;
    private readonly AuthenticationHeaderValue? _authorization;

    /// <summary>Checks the options and prepares the connection, which is made with the first notice.</summary>
    /// <param name="options">Where and how; read once. The address is that of Alertmanager, with its route prefix if it has one.</param>
    /// <param name="timeProvider">The clock by which alerts are valid; the system's by default.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names what is wrong, without secrets.</exception>
    public AlertmanagerNotifier(AlertmanagerNotifierOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        options.TryGetUri(out var uri);
        Name = options.Name;
        Channel = options;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _body = new AlertmanagerBody(options);
        _authorization = options switch
        {
            { UserName: { } user } => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}"))),
            { BearerToken: { } token } => new("Bearer", token),
            _ => null,
        };
        _http = new NotifierHttp(options, EndPointOf(uri!), _timeProvider, options.Password, _authorization?.Parameter);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public AlertChannelOptions Channel { get; }

    /// <inheritdoc/>
    public async Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        cancellationToken.ThrowIfCancellationRequested();
        var now = _timeProvider.GetUtcNow();

        // Alertmanager takes what is right of a request and answers 400 if anything is not: the other requests go on.
        AlertDeliveryException? refused = null;
        foreach (var request in _body.RequestsOf(notice, now))
        {
            try
            {
                await _http.PostAsync(request, headers => headers.Authorization = _authorization, static answer => answer, cancellationToken).ConfigureAwait(false);
            }
            catch (AlertDeliveryException exception) when (exception.IsPermanent)
            {
                refused = exception;
            }
        }

        return refused is null ? null : throw refused;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private static Uri EndPointOf(Uri uri)
    {
        var builder = new UriBuilder(uri);
        builder.Path = builder.Path.TrimEnd('/') + "/api/v2/alerts";
        return builder.Uri;
    }
}
