using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Security;
using Monitoring.Telemetry;

namespace Monitoring.AspNetCore;

/// <summary>What the API logs: every change, and every attempt at one that was refused.</summary>
internal static partial class ApiLog
{
    public const string Category = "Monitoring.Api";

    /// <summary>Who makes a change: the host's name for the caller, or else what the key stands for.</summary>
    public static string NameOf(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : "admin";

    [LoggerMessage(EventId = EventIds.AlertResolvedByHand, Level = LogLevel.Information, Message = "Alert {Key} was resolved by {By} from {Address}")]
    public static partial void AlertResolved(ILogger logger, string key, string by, IPAddress? address);

    [LoggerMessage(EventId = EventIds.AlertAcknowledgedByHand, Level = LogLevel.Information, Message = "Alert {Key} was acknowledged by {By} from {Address}")]
    public static partial void AlertAcknowledged(ILogger logger, string key, string by, IPAddress? address);

    [LoggerMessage(EventId = EventIds.SilenceChangedByHand, Level = LogLevel.Information, Message = "Silence {Id} was {Change} by {By} from {Address}")]
    public static partial void SilenceChanged(ILogger logger, string id, string change, string by, IPAddress? address);

    [LoggerMessage(EventId = EventIds.NotifierTestedByHand, Level = LogLevel.Information, Message = "A test notice to {Notifier} was {Outcome}, sent by {By} from {Address}")]
    public static partial void NotifierTested(ILogger logger, string notifier, string outcome, string by, IPAddress? address);

    [LoggerMessage(EventId = EventIds.NotifierTestFailed, Level = LogLevel.Warning, Message = "The notifier {Notifier} did not take a test notice")]
    public static partial void NotifierTestFailed(ILogger logger, string notifier, Exception exception);

    [LoggerMessage(EventId = EventIds.TaskQueueChangedByHand, Level = LogLevel.Information, Message = "Task queue {Queue} was {Change} by {By} from {Address}")]
    public static partial void TaskQueueChanged(ILogger logger, string queue, string change, string by, IPAddress? address);

    [LoggerMessage(EventId = EventIds.TaskQueueUnavailable, Level = LogLevel.Warning, Message = "A task queue could not be asked")]
    public static partial void TaskQueueUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(EventId = EventIds.AdmissionFailed, Level = LogLevel.Warning, Message = "A request could not be judged by the queue's backpressure and was admitted")]
    public static partial void AdmissionFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = EventIds.AdminRefused, Level = LogLevel.Warning, Message = "A change was refused to {Address}, whose role is {Role}")]
    public static partial void AdminRefused(ILogger logger, IPAddress? address, ApiRole role);

    [LoggerMessage(EventId = EventIds.ApiFailed, Level = LogLevel.Error, Message = "{Method} {Endpoint} could not be answered")]
    public static partial void Failed(ILogger logger, string method, string? endpoint, Exception exception);

    [LoggerMessage(EventId = EventIds.ApiLimited, Level = LogLevel.Debug, Message = "A request from {Address} was beyond the limit of {Limit}")]
    public static partial void Limited(ILogger logger, IPAddress? address, ApiLimit limit);

    [LoggerMessage(EventId = EventIds.SettingsChangedByHand, Level = LogLevel.Information, Message = "The settings {Keys} were changed by {By} from {Address}")]
    public static partial void SettingsChanged(ILogger logger, string keys, string by, IPAddress? address);

    [LoggerMessage(EventId = EventIds.CircuitChangedByHand, Level = LogLevel.Information, Message = "The circuit {Circuit} was {Change} by {By} from {Address}")]
    public static partial void CircuitChanged(ILogger logger, string circuit, string change, string by, IPAddress? address);

    [LoggerMessage(EventId = EventIds.CrossSiteRefused, Level = LogLevel.Warning, Message = "{Method} {Endpoint} was refused to {Address}: a page of another site asked for it")]
    public static partial void CrossSiteRefused(ILogger logger, string method, string? endpoint, IPAddress? address);

    [LoggerMessage(EventId = EventIds.LiveSnapshotFailed, Level = LogLevel.Error, Message = "The page {Page} could not be put together; its live connections were closed")]
    public static partial void LiveFailed(ILogger logger, Live.LivePage page, Exception exception);
}
