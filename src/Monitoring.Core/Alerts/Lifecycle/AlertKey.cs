using System.Security.Cryptography;
using System.Text;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>Makes keys that are safe in a URL out of names that come from outside.</summary>
internal static class AlertKey
{
    private const int LongestSlug = 100;

    /// <summary>The plain key of a series: readable, but two instances may share it (<c>GET</c> and <c>get</c>).</summary>
    public static string For(string rule, string? instance) => instance is null ? rule : $"{rule}.{Slug(instance)}";

    /// <summary>The key of a series whose plain key stands for another instance already.</summary>
    public static string Distinct(string rule, string? instance)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(instance ?? ""));
        return $"{For(rule, instance)}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }

    private static string Slug(string instance)
    {
        Span<char> slug = stackalloc char[LongestSlug];
        var length = 0;
        foreach (var character in instance)
        {
            if (length == LongestSlug)
            {
                break;
            }

            var lower = char.ToLowerInvariant(character);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower) || lower is '.' or '_')
            {
                slug[length++] = lower;
            }
            else if (length > 0 && slug[length - 1] != '-')
            {
                slug[length++] = '-';
            }
        }

        var text = slug[..length].TrimEnd('-');
        return text.Length == 0 ? "unnamed" : text.ToString();
    }
}
