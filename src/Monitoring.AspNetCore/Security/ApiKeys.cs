using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Security;

/// <summary>What a request may do here.</summary>
internal enum ApiRole
{
    None,
    Reader,
    Admin,
}

/// <summary>The configured keys, as hashes.</summary>
internal sealed class ApiKeys(string? readerKey, string? adminKey)
{
    private const string Header = "X-Api-Key";
    private const string Scheme = "Bearer ";

    private readonly byte[]? _reader = Hash(readerKey);
    private readonly byte[]? _admin = Hash(adminKey);

    public bool Any => _reader is not null || _admin is not null;

    public static bool AreSent(HttpContext context) =>
        context.Request.Headers.ContainsKey(Header) || context.Request.Headers.Authorization.Count > 0 || WebSocketHandshake.HasKey(context);

    /// <summary>The role of the key that the request brings. The time it takes does not depend on how much of a key is right.</summary>
    public ApiRole RoleOf(HttpContext context)
    {
        if (Sent(context) is not { } sent)
        {
            return ApiRole.None;
        }

        // Hashes are of one length, and both are always compared.
        var hash = Hash(sent);
        var isReader = CryptographicOperations.FixedTimeEquals(hash, _reader);
        var isAdmin = CryptographicOperations.FixedTimeEquals(hash, _admin);
        return isAdmin ? ApiRole.Admin : isReader ? ApiRole.Reader : ApiRole.None;
    }

    private static string? Sent(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.TryGetValue(Header, out var key))
        {
            return key is [{ Length: > 0 } only] ? only : null;
        }

        if (request.Headers.Authorization.Count == 0)
        {
            return WebSocketHandshake.KeyOf(context);
        }

        return request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim()
            : null;
    }

    private static byte[]? Hash(string? key) => key is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
