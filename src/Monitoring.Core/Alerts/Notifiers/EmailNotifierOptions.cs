using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Mail;
using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>From where, to whom and how an <see cref="EmailNotifier"/> sends mails (section <c>Monitoring:Alerts:Email</c> by convention).</summary>
public sealed class EmailNotifierOptions : NotifierOptions
{
    private const int MostRecipients = 100;

    /// <summary>The defaults, of which <see cref="AlertChannelOptions.Timeout"/> is 30 s: a mail takes several round trips.</summary>
    public EmailNotifierOptions()
        : base("email") => Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The mail server, by name or address. Required.</summary>
    public string? Host { get; set; }

    /// <summary>Port of the mail server. 1 to 65,535; default 587, which is submission with STARTTLS; 465 usually wants <see cref="EmailEncryption.Tls"/>.</summary>
    public int Port { get; set; } = 587;

    /// <summary>How the connection is encrypted: <c>StartTls</c>, <c>Tls</c>, or <c>None</c>, with credentials only to loopback. Default <c>StartTls</c>, without which nothing is sent.</summary>
    public EmailEncryption Encryption { get; set; } = EmailEncryption.StartTls;

    /// <summary>
    /// A PEM file with the authorities that the server's certificate may come from, instead of those of the system: for a
    /// private authority. Default not set.
    /// </summary>
    public string? AuthorityFile { get; set; }

    /// <summary>User that the server is logged in to as; default not set, which is without a login.</summary>
    public string? UserName { get; set; }

    /// <summary>Password; required with <see cref="UserName"/>; never logged.</summary>
    public string? Password { get; set; }

    /// <summary>Who the mails are from: an address, or <c>Name &lt;address&gt;</c>. Required.</summary>
    public string? From { get; set; }

    /// <summary>Who gets the mails, each an address or <c>Name &lt;address&gt;</c>. 1 to 100.</summary>
    public IList<string> To { get; } = [];

    internal static bool TryParse(string? text, [NotNullWhen(true)] out MailAddress? address)
    {
        // SMTP without extensions takes ASCII addresses only; a name may be anything but a line break.
        address = null;
        return text is not null && !text.Any(char.IsControl) && MailAddress.TryCreate(text, out address)
            && address.Address.All(static c => c is > ' ' and <= '~' and not '<' and not '>');
    }

    internal override void ValidateOwn(OptionsErrors errors)
    {
        errors.Require(Host is not null && Uri.CheckHostName(Host) is not UriHostNameType.Unknown, nameof(Host), Host, "the name or address of a mail server");
        errors.Range(nameof(Port), Port, 1, 65_535);
        errors.Require(Enum.IsDefined(Encryption), nameof(Encryption), Encryption, "StartTls, Tls or None");
        errors.Require(AuthorityFile is null || File.Exists(AuthorityFile), nameof(AuthorityFile), AuthorityFile, "an existing PEM file");
        errors.Require((UserName is null) == (Password is null), nameof(Password), Password is null ? null : "redacted", "together with UserName, or neither");
        errors.Require(Password is null || Encryption != EmailEncryption.None || IsLoopback(Host), nameof(Encryption), Encryption, "StartTls or Tls, because a password is sent; None only to loopback");
        errors.Require(TryParse(From, out _), nameof(From), From, "an address, or 'Name <address>'");
        errors.Require(To.Count is >= 1 and <= MostRecipients && To.All(static to => TryParse(to, out _)), nameof(To), string.Join(", ", To), $"1 to {MostRecipients} addresses");
    }

    private static bool IsLoopback(string? host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
