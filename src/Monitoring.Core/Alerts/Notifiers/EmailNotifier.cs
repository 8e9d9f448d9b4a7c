using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Sends every notice as a mail with a text and an HTML part, over an encrypted connection to a mail server. Mails of one
/// alert refer to the first one, so that readers put them together. Of a notice with more than 100 alerts it shows the first 100, the most
/// severe, and how many more there are. Thread-safe.
/// </summary>
public sealed partial class EmailNotifier : IAlertNotifier
{
    private readonly EmailNotifierOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly MailAddress _from;
    private readonly IReadOnlyList<MailAddress> _to;

    /// <summary>Checks the options; each notice makes a connection of its own.</summary>
    /// <param name="options">From where, to whom and how; read once.</param>
    /// <param name="timeProvider">The clock of the mails' dates; the system's by default.</param>
    /// <param name="loggerFactory">Told which recipients a server did not want although it wanted others; by default nobody is.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names what is wrong, without secrets.</exception>
    public EmailNotifier(EmailNotifierOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        Name = options.Name;
        Channel = options;
        _options = options;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Monitoring.Alerts");
        _from = Parse(options.From);
        _to = [.. options.To.Select(Parse)];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public AlertChannelOptions Channel { get; }

    /// <inheritdoc/>
    /// <returns>The id of the mail to which later ones of the same alerts refer.</returns>
    public async Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        cancellationToken.ThrowIfCancellationRequested();
        var content = EmailContent.Of(notice, _from.Host);
        var mail = EmailMessage.Serialize(content, _from, _to, _timeProvider.GetUtcNow());
        try
        {
            using var session = await SmtpSession.OpenAsync(_options, cancellationToken).ConfigureAwait(false);
            var refused = await session.SendAsync(_from.Address, [.. _to.Select(static to => to.Address)], mail, cancellationToken).ConfigureAwait(false);
            if (refused.Count > 0)
            {
                LogRefused(_logger, Name, NoticeText.Plain(string.Join("; ", refused), 1000));
            }

            await session.QuitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or CryptographicException)
        {
            // None of these repeats what was sent.
            throw new AlertDeliveryException($"{_options.Host} could not be reached safely: {exception.Message}", exception);
        }

        return notice.Entries.Count > 0 && notice.Entries.All(static entry => entry.Receipt is not null) ? notice.Entries[0].Receipt : content.MessageId;
    }

    private static MailAddress Parse(string? text) =>
        EmailNotifierOptions.TryParse(text, out var address) ? address : throw new ArgumentException("Not an address.", nameof(text));

    [LoggerMessage(EventId = EventIds.EmailRecipientsRefused, Level = LogLevel.Warning, Message = "The mail server of the channel {Channel} refused some recipients: {Refused}")]
    private static partial void LogRefused(ILogger logger, string channel, string refused);
}
