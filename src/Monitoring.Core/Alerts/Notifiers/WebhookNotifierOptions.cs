using System.Diagnostics.CodeAnalysis;
using System.Text;
using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>Where and how a <see cref="WebhookNotifier"/> sends its notices.</summary>
public sealed class WebhookNotifierOptions
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

    /// <summary>How long one attempt may take. 100 ms to 5 min; default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts for one notice, the first included. 1 to 10; default 5.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Delay before the second attempt; it doubles from there, with jitter. 1 ms to 1 min; default 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest delay between attempts. A receiver that asks for more in <c>Retry-After</c> is not asked again for this
    /// notice. <see cref="RetryDelay"/> to 1 h; default 1 min.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    internal void Validate(OptionsErrors errors)
    {
        errors.Require(!string.IsNullOrWhiteSpace(Name) && Name.Length <= 100, nameof(Name), Name, "1 to 100 characters");

        // An address may carry a token and a secret is one: neither is repeated in a message.
        errors.Require(TryGetUri(out _), nameof(Url), Url is null ? null : "redacted", "an absolute http or https address without user and password");
        errors.Require(TryGetKey(out _), nameof(Secret), Secret is null ? null : "redacted", $"'{SecretPrefix}' and base64, or other text; at least {ShortestSecret} bytes");
        errors.Range(nameof(Timeout), Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        errors.Range(nameof(MaxAttempts), MaxAttempts, 1, 10);
        errors.Range(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        errors.Range(nameof(MaxRetryDelay), MaxRetryDelay, RetryDelay, TimeSpan.FromHours(1));
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
