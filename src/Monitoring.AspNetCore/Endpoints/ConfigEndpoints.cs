using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;
using Monitoring.DependencyInjection;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Reading the settings in effect, and changing those that are live.</summary>
internal static class ConfigEndpoints
{
    public static void Map(RouteGroupBuilder group, ApiAccess access)
    {
        // What the API itself is set to is read once, when it is mapped.
        SettingsSection[] api = [new("Api", ApiSettingsJson.Default.MonitoringApiOptions, access.Options)];
        group.MapGet("config", (HttpContext context) => Settings(context) is { } settings ? Read(settings, api) : NoSettings())
            .ForReaders(access).Produces<ConfigResponse>()
            .Describe("The settings in effect, in the shape of the configuration section and without secrets; which of them are live, and which were changed here.");
        group.MapPut("config", (HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) => ChangeAsync(context, monitor, loggers, api))
            .ForAdmins(access).Produces<ConfigResponse>().Fails(StatusCodes.Status409Conflict, "The configuration itself is wrong, or this monitor takes no changes.")
            .Describe("Changes live settings at once: all that are sent, or none. Takes a part of the tree (RFC 7396). Kept until the process ends, or until it is taken back.").Takes<JsonObject>(isRequired: true);
        group.MapDelete("config", (HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers) => Reset(context, monitor, loggers, api))
            .ForAdmins(access).Produces<ConfigResponse>().Fails(StatusCodes.Status409Conflict, "The configuration itself is wrong.")
            .Describe("Takes back what was changed here: what the configuration says is in effect.");
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers, SettingsSection[] api)
    {
        if (Settings(context) is not { CanChange: true } settings)
        {
            return Problems.For(StatusCodes.Status409Conflict, "This monitor is the application's own and takes no changes here.");
        }

        var (patch, problem) = await RequestBody.ReadObjectAsync(context.Request, """{"Alerts": {"Thresholds": {"RedisLatencyWarning": "00:00:00.2"}}}""").ConfigureAwait(false);
        if (patch is null)
        {
            return problem!;
        }

        var (changes, errors) = settings.Change(patch, api);
        if (errors.Count > 0)
        {
            return Refuse(errors);
        }

        if (changes.Count > 0)
        {
            var by = ApiLog.NameOf(context);
            foreach (var change in changes)
            {
                monitor.Audit.Add("config.change", change.Setting.Key, by, change.ToString());
            }

            Log(loggers, changes.Select(static change => change.Setting.Key), by, context);
        }

        return Read(settings, api);
    }

    private static IResult Reset(HttpContext context, IPerformanceMonitor monitor, ILoggerFactory loggers, SettingsSection[] api)
    {
        if (Settings(context) is not { } settings)
        {
            return NoSettings();
        }

        var (keys, errors) = settings.Reset();
        if (errors.Count > 0)
        {
            return Refuse(errors);
        }

        if (keys.Count > 0)
        {
            var by = ApiLog.NameOf(context);
            foreach (var key in keys)
            {
                monitor.Audit.Add("config.reset", key, by, "as the configuration has it");
            }

            Log(loggers, keys, by, context);
        }

        return Read(settings, api);
    }

    private static void Log(ILoggerFactory loggers, IEnumerable<string> keys, string by, HttpContext context)
    {
        var (logger, text) = (loggers.CreateLogger(ApiLog.Category), string.Join(", ", keys));
        ApiLog.SettingsChanged(logger, text, by, context.Connection.RemoteIpAddress);
    }

    // An error without a key is none of the caller's: the configuration is wrong, or the host has a rule of its own.
    private static IResult Refuse(IReadOnlyList<(string Key, string Message)> errors) =>
        errors is [{ Key: nameof(Monitoring) } only] ? Problems.For(StatusCodes.Status409Conflict, only.Message) : Problems.BadFields(errors);

    private static MonitorSettings? Settings(HttpContext context) => context.RequestServices.GetService<MonitorSettings>();

    private static IResult NoSettings() => Problems.For(StatusCodes.Status404NotFound, "This monitor is the application's own; it has no settings here.");

    private static JsonHttpResult<ConfigResponse> Read(MonitorSettings settings, SettingsSection[] api)
    {
        var all = settings.GetSettings(api);
        return TypedResults.Json(
            new ConfigResponse(
                settings.Read(api),
                [.. all.Where(static setting => setting.IsLive).Select(static setting => setting.Key)],
                [.. all.Where(static setting => !setting.IsLive).Select(static setting => setting.Key)],
                settings.GetChanged()),
            ApiJson.For<ConfigResponse>());
    }
}
