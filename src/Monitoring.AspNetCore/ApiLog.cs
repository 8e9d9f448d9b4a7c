using System.Net;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Security;
using Monitoring.Telemetry;

namespace Monitoring.AspNetCore;

/// <summary>What the API logs: every change, and every attempt at one that was refused.</summary>
internal static partial class ApiLog
{
    public const string Category = "Monitoring.Api";

    [LoggerMessage(EventId = EventIds.AlertResolvedByHand, Level = LogLevel.Information, Message = "Alert {Key} was resolved by {By} from {Address}")]
    public static partial void AlertResolved(ILogger logger, string key, string by, IPAddress? address);

    [LoggerMessage(EventId = EventIds.AdminRefused, Level = LogLevel.Warning, Message = "A change was refused to {Address}, whose role is {Role}")]
    public static partial void AdminRefused(ILogger logger, IPAddress? address, ApiRole role);
}
