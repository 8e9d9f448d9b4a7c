using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace WebhookService.Webhooks;

/// <summary>Who sent this? Compared in constant time.</summary>
internal static class Signatures
{
    private const string GitHubPrefix = "sha256=";

    /// <summary><c>X-Hub-Signature-256</c>: HMAC-SHA256 over the raw body, in hexadecimal.</summary>
    public static bool IsGitHub(StringValues header, ReadOnlySpan<byte> body, string secret)
    {
        if (header is not [{ } signature] || !signature.StartsWith(GitHubPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> sent = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var decoded = Convert.FromHexString(signature.AsSpan(GitHubPrefix.Length), sent, out _, out var length);
        return decoded == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(sent[..length], HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
    }

    /// <summary><c>X-Twilio-Signature</c>: HMAC-SHA1 over the address and the form's pairs in ordinal order, in base 64.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs with HMAC-SHA1.")]
    public static bool IsTwilio(StringValues header, string url, IReadOnlyDictionary<string, StringValues> form, string authToken)
    {
        var text = new StringBuilder(url);
        foreach (var (name, values) in form.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (var value in values.Distinct().Order(StringComparer.Ordinal))
            {
                text.Append(name).Append(value);
            }
        }

        var expected = HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(text.ToString()));
        Span<byte> sent = stackalloc byte[HMACSHA1.HashSizeInBytes];
        return header is [{ } signature]
            && Convert.TryFromBase64String(signature, sent, out var length)
            && CryptographicOperations.FixedTimeEquals(sent[..length], expected);
    }
}
