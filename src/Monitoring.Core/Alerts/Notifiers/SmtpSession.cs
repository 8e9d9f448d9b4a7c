using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// One conversation with a mail server (RFC 5321): greeting, encryption, login, one mail. Not <c>System.Net.Mail.SmtpClient</c>:
/// that takes a private authority only through a callback that holds for the whole process, does not encrypt from the first
/// byte (port 465), and its documentation advises against it; a better client is a dependency. For one thread.
/// </summary>
internal sealed class SmtpSession : IDisposable
{
    private readonly string _host;
    private readonly Socket _socket;
    private SmtpLines _lines;
    private Stream _stream;
    private List<string> _extensions = [];

    private SmtpSession(string host, Socket socket)
    {
        _host = host;
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: false);
        _lines = new SmtpLines(_stream);
    }

    /// <summary>Connects, encrypts and logs in.</summary>
    /// <exception cref="AlertDeliveryException">The server does not want that; permanent when it refuses the login.</exception>
    public static async Task<SmtpSession> OpenAsync(EmailNotifierOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SmtpSession? session = null;
        try
        {
            await socket.ConnectAsync(options.Host!, options.Port, cancellationToken).ConfigureAwait(false);
            session = new SmtpSession(options.Host!, socket);
            await session.BeginAsync(options, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            session?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Hands over one mail. Those whom the server does not want are left out, as long as there is somebody left.</summary>
    /// <returns>Those who were left out, each with what the server said.</returns>
    public async Task<IReadOnlyList<string>> SendAsync(string from, IReadOnlyList<string> to, byte[] mail, CancellationToken cancellationToken)
    {
        await AskAsync($"MAIL FROM:<{from}>", 250, cancellationToken).ConfigureAwait(false);
        List<(string Address, SmtpReply Reply)> refused = [];
        foreach (var address in to)
        {
            var reply = await TellAsync($"RCPT TO:<{address}>", cancellationToken).ConfigureAwait(false);
            if (reply.Code is not (250 or 251))
            {
                refused.Add((address, reply));
            }
        }

        if (refused.Count == to.Count)
        {
            // If only one of them may pass, another attempt makes sense.
            throw Refused("all recipients", refused.Select(static one => one.Reply).MinBy(static reply => reply.Code));
        }

        // No line of the mail begins with a dot (EmailMessage), so none needs to be doubled.
        await AskAsync("DATA", 354, cancellationToken).ConfigureAwait(false);
        await _stream.WriteAsync(mail, cancellationToken).ConfigureAwait(false);
        await AskAsync("\r\n.", 250, cancellationToken).ConfigureAwait(false);
        return [.. refused.Select(static one => $"{one.Address}: {one.Reply.Code} {one.Reply.Text}")];
    }

    /// <summary>Says goodbye; what becomes of that is of no interest, for the mail is taken.</summary>
    public async Task QuitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TellAsync("QUIT", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or AlertDeliveryException)
        {
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task BeginAsync(EmailNotifierOptions options, CancellationToken cancellationToken)
    {
        if (options.Encryption == EmailEncryption.Tls)
        {
            await EncryptAsync(options, cancellationToken).ConfigureAwait(false);
        }

        Expect("greeting", await _lines.ReadAsync(cancellationToken).ConfigureAwait(false), 220);
        await HelloAsync(cancellationToken).ConfigureAwait(false);
        if (options.Encryption == EmailEncryption.StartTls)
        {
            // It may be offered again when its server, or who sits in between, is mended: not permanent.
            if (!_extensions.Contains("STARTTLS"))
            {
                throw new AlertDeliveryException($"{_host} does not offer STARTTLS, without which nothing is sent.");
            }

            await AskAsync("STARTTLS", 220, cancellationToken).ConfigureAwait(false);
            await EncryptAsync(options, cancellationToken).ConfigureAwait(false);
            await HelloAsync(cancellationToken).ConfigureAwait(false);
        }

        if (options.UserName is { } user)
        {
            await LogInAsync(user, options.Password!, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task HelloAsync(CancellationToken cancellationToken)
    {
        // A client without a name in the DNS gives its address (RFC 5321, 4.1.3).
        var address = ((IPEndPoint)_socket.LocalEndPoint!).Address;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var name = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{address.ToString().Split('%')[0]}]" : $"[{address}]";
        var reply = await AskAsync($"EHLO {name}", 250, cancellationToken).ConfigureAwait(false);
        _extensions = [.. reply.Text.Split('\n').Skip(1).Select(static line => line.ToUpperInvariant())];
    }

    private async Task EncryptAsync(EmailNotifierOptions options, CancellationToken cancellationToken)
    {
        // What was said in the clear may be anybody's and must not count as said after it (CVE-2011-0411).
        if (_lines.HasMore)
        {
            throw new AlertDeliveryException($"{_host} said more in the clear than it was asked for.");
        }

        var secure = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = options.Host, CertificateChainPolicy = PolicyOf(options.AuthorityFile) },
            cancellationToken).ConfigureAwait(false);
        _lines = new SmtpLines(secure);
    }

    // Read anew for each connection, so that a renewed file needs no restart.
    private static X509ChainPolicy? PolicyOf(string? authorityFile)
    {
        if (authorityFile is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        return policy;
    }

    private async Task LogInAsync(string user, string password, CancellationToken cancellationToken)
    {
        var mechanisms = _extensions.Where(static line => line.StartsWith("AUTH ", StringComparison.Ordinal)).SelectMany(static line => line.Split(' ').Skip(1)).ToList();
        SmtpReply reply;
        if (mechanisms.Contains("PLAIN"))
        {
            reply = await TellAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", cancellationToken).ConfigureAwait(false);
        }
        else if (mechanisms.Contains("LOGIN"))
        {
            reply = await TellAsync("AUTH LOGIN", cancellationToken).ConfigureAwait(false);
            foreach (var answer in new[] { user, password })
            {
                reply = reply.Code == 334 ? await TellAsync(Base64(answer), cancellationToken).ConfigureAwait(false) : reply;
            }
        }
        else
        {
            throw new AlertDeliveryException($"{_host} offers neither AUTH PLAIN nor AUTH LOGIN.") { IsPermanent = true };
        }

        // What the server says of a login might repeat it.
        Expect("login", reply with { Text = "" }, 235);
    }

    private async Task<SmtpReply> AskAsync(string command, int expected, CancellationToken cancellationToken)
    {
        var reply = await TellAsync(command, cancellationToken).ConfigureAwait(false);
        Expect(command.Trim('\r', '\n', '.') is { Length: > 0 } verb ? verb.Split(':', ' ')[0] : "mail", reply, expected);
        return reply;
    }

    private async Task<SmtpReply> TellAsync(string command, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken).ConfigureAwait(false);
        return await _lines.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Expect(string what, SmtpReply reply, int expected)
    {
        if (reply.Code != expected)
        {
            throw Refused(what, reply);
        }
    }

    private AlertDeliveryException Refused(string what, SmtpReply reply) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_host} answered {reply.Code} to the {what}{(reply.Text.Length == 0 ? "" : $": {NoticeText.Plain(reply.Text, 200)}")}."))
        {
            IsPermanent = reply.Code is >= 500 and < 600,
        };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
