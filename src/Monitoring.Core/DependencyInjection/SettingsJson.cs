using System.Text.Json.Serialization;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.DependencyInjection;

/// <summary>The settings as appsettings.json has them: names as in C#, durations as <c>hh:mm:ss</c>, enums as words. Generated at build time: no reflection.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    PropertyNameCaseInsensitive = true,
    PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(MonitoringOptions))]
[JsonSerializable(typeof(LogNotifierOptions))]
[JsonSerializable(typeof(ConsoleNotifierOptions))]
[JsonSerializable(typeof(EmailNotifierOptions))]
[JsonSerializable(typeof(SlackNotifierOptions))]
[JsonSerializable(typeof(WebhookNotifierOptions))]
[JsonSerializable(typeof(AlertmanagerNotifierOptions))]
internal sealed partial class SettingsJson : JsonSerializerContext;
