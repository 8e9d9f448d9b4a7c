using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Security;

/// <summary>What every answer of ours says of itself.</summary>
internal static class ApiHeaders
{
    /// <summary>OWASP REST Security Cheat Sheet, "Security Headers": for answers that are data and never a page.</summary>
    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
