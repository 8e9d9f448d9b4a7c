using System.Net;

namespace Monitoring.Redis.Decorators;

/// <summary>Names servers as <c>host:port</c>.</summary>
internal static class EndPointName
{
    public static string Of(EndPoint? endPoint) => endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endPoint?.ToString() ?? "";

    public static string? OfNullable(EndPoint? endPoint) => endPoint is null ? null : Of(endPoint);
}
