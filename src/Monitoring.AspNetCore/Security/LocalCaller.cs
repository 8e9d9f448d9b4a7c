using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Monitoring.AspNetCore.Security;

/// <summary>
/// Whether a request comes straight from this machine. Only the connection's address counts; no address (a Unix socket,
/// where a proxy usually sits in front) is not this machine.
/// </summary>
internal static class LocalCaller
{
    // A proxy on this machine connects from loopback on behalf of anybody. ForwardedHeadersMiddleware leaves the last one.
    private static readonly string[] ForwardingHeaders = ["X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", HeaderNames.Via, "X-Original-For"];

    public static bool Is(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IsLoopback(address)
        && !ForwardingHeaders.Any(context.Request.Headers.ContainsKey)
        && NamesThisMachine(context.Request.Host.Host);

    // A page may point its own name at 127.0.0.1 (DNS rebinding) and read through the visitor's browser.
    private static bool NamesThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsLoopback(address));

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
