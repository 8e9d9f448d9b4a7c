using System.Diagnostics.CodeAnalysis;
using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>What the options of all notifiers have that send over HTTP.</summary>
public abstract class HttpNotifierOptions : NotifierOptions
{
    private protected HttpNotifierOptions(string name)
        : base(name)
    {
    }

    /// <summary>Where notices are sent: an absolute http or https address without user and password. Never shown beyond its host.</summary>
    public string? Url { get; set; }

    /// <summary>The hosts that <see cref="Url"/> may name, for addresses that come from somebody else: <c>hooks.example.org</c>, or <c>*.example.org</c> for all below it. Default empty, which is any.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Whether connections to private, link-local and loopback addresses are refused, for addresses that come from somebody
    /// else. Checked when connecting, so that a name that leads there is refused too; goes past a proxy. Default false.
    /// </summary>
    public bool PublicAddressesOnly { get; set; }

    internal override void ValidateOwn(OptionsErrors errors)
    {
        // An address may carry a token: it is not repeated in a message.
        var isAddress = TryGetUri(out var uri);
        errors.Require(isAddress, nameof(Url), Url is null ? null : "redacted", "an absolute http or https address without user and password");
        if (isAddress && AllowedHosts.Count > 0)
        {
            errors.Require(AllowedHosts.Any(host => Covers(host, uri!.IdnHost)), nameof(Url), "redacted", $"a host of AllowedHosts ({string.Join(", ", AllowedHosts)})");
        }
    }

    internal virtual bool TryGetUri([NotNullWhen(true)] out Uri? uri) => TryParse(Url, out uri);

    /// <summary>Requires that a secret does not travel in the clear, unless it stays on this machine.</summary>
    private protected void RequireEncryption(OptionsErrors errors, bool isSecret)
    {
        if (isSecret && TryGetUri(out var uri))
        {
            errors.Require(uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback, nameof(Url), "redacted", "an https address, because a secret is sent; http only to loopback");
        }
    }

    private protected static bool TryParse(string? url, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(url, UriKind.Absolute, out uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0;

    private static bool Covers(string allowed, string host) =>
        allowed.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
            : string.Equals(allowed, host, StringComparison.OrdinalIgnoreCase);
}
