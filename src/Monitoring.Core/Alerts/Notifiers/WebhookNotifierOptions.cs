using System.Diagnostics.CodeAnalysis;
using System.Text;
using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>Where and how a <see cref="WebhookNotifier"/> sends its notices.</summary>
public sealed class WebhookNotifierOptions : AlertChannelOptions
{
    private const string SecretPrefix = "whsec_";
    private const int ShortestSecret = 24;

    /// <summary>Name of the channel in logs and counters. 1 to 100 characters; default <c>webhook</c>.</summary>
    public string Name { get; set; } = "webhook";

    /// <summary>Where notices are sent: an absolute http or https address. Required; never logged beyond its host.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// The secret that notices are signed with: <c>whsec_</c> and base64, or any other text, whose UTF-8 bytes are the key.
    /// At least 24 bytes, which is the least that Standard Webhooks allows. Required; never logged.
    /// </summary>
    public string? Secret { get; set; }

    internal void Validate(OptionsErrors errors)
    {
        errors.Require(!string.IsNullOrWhiteSpace(Name) && Name.Length <= 100, nameof(Name), Name, "1 to 100 characters");

        // An address may carry a token and a secret is one: neither is repeated in a message.
        errors.Require(TryGetUri(out _), nameof(Url), Url is null ? null : "redacted", "an absolute http or https address without user and password");
        errors.Require(TryGetKey(out _), nameof(Secret), Secret is null ? null : "redacted", $"'{SecretPrefix}' and base64, or other text; at least {ShortestSecret} bytes");
        ValidateChannel(errors);
    }

    internal bool TryGetUri([NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(Url, UriKind.Absolute, out uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0;

    internal bool TryGetKey([NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (Secret is null)
        {
            return false;
        }

        if (Secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            var buffer = new byte[Secret.Length];
            key = Convert.TryFromBase64String(Secret[SecretPrefix.Length..], buffer, out var length) ? buffer[..length] : null;
        }
        else
        {
            key = Encoding.UTF8.GetBytes(Secret);
        }

        return key?.Length >= ShortestSecret;
    }
}
