using System.Text;
using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>Where and how a <see cref="WebhookNotifier"/> sends its notices (section <c>Monitoring:Alerts:Webhook</c> by convention).</summary>
public sealed class WebhookNotifierOptions() : HttpNotifierOptions("webhook")
{
    private const string SecretPrefix = "whsec_";
    private const int ShortestSecret = 24;
    private const int MostPreviousSecrets = 5;

    /// <summary>
    /// The secret that notices are signed with: <c>whsec_</c> and base64, or any other text, whose UTF-8 bytes are the key.
    /// At least 24 bytes, which is the least that Standard Webhooks allows. Required; never logged.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>
    /// Secrets that notices are signed with as well, so that a receiver that does not know the new one yet goes on verifying;
    /// to be removed when all do. At most 5; default empty; never logged.
    /// </summary>
    public IList<string> PreviousSecrets { get; } = [];

    /// <summary>The keys of the current secret and the previous ones, in this order.</summary>
    internal IReadOnlyList<byte[]> GetKeys() => [.. PreviousSecrets.Prepend(Secret).Select(static secret => TryDecode(secret)!)];

    internal override void ValidateOwn(OptionsErrors errors)
    {
        base.ValidateOwn(errors);
        const string Allowed = "'whsec_' and base64, or other text; at least 24 bytes";
        errors.Require(TryDecode(Secret) is not null, nameof(Secret), Secret is null ? null : "redacted", Allowed);
        errors.Require(
            PreviousSecrets.Count <= MostPreviousSecrets && PreviousSecrets.All(static secret => TryDecode(secret) is not null),
            nameof(PreviousSecrets), "redacted", $"at most {MostPreviousSecrets}, each {Allowed}");
    }

    private static byte[]? TryDecode(string? secret)
    {
        if (secret is null)
        {
            return null;
        }

        byte[]? key;
        if (secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            var buffer = new byte[secret.Length];
            key = Convert.TryFromBase64String(secret[SecretPrefix.Length..], buffer, out var length) ? buffer[..length] : null;
        }
        else
        {
            key = Encoding.UTF8.GetBytes(secret);
        }

        return key?.Length >= ShortestSecret ? key : null;
    }
}
