using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Monitoring.AspNetCore.Security;

/// <summary>What a request says that wants to become a WebSocket.</summary>
internal static class WebSocketHandshake
{
    /// <summary>
    /// In front of the key, which is written in base64url without padding: a page can set no header on a WebSocket but the subprotocols it offers,
    /// and a key in an address would end up in logs.
    /// </summary>
    public const string KeyProtocol = "monitoring.key.";

    /// <summary>Whether it is one (RFC 6455, 4.1; over HTTP/2 RFC 8441).</summary>
    public static bool Is(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
        || context.Request.Headers.GetCommaSeparatedValues(HeaderNames.Upgrade).Contains("websocket", StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a key is among the subprotocols, right or wrong.</summary>
    public static bool HasKey(HttpContext context) => Is(context) && Offered(context).Any();

    /// <summary>The key among the subprotocols; null unless there is exactly one.</summary>
    public static string? KeyOf(HttpContext context)
    {
        if (!Is(context) || Offered(context).Take(2).ToArray() is not [{ Length: <= 2 * MonitoringApiOptions.MaximumKeyLength } only])
        {
            return null;
        }

        var text = only.AsSpan(KeyProtocol.Length);
        var key = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, key, out var length) && length > 0 ? Encoding.UTF8.GetString(key, 0, length) : null;
    }

    private static IEnumerable<string> Offered(HttpContext context) =>
        context.Request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol).Where(static protocol => protocol.StartsWith(KeyProtocol, StringComparison.Ordinal));
}
