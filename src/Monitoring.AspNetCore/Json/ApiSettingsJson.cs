using System.Text.Json.Serialization;

namespace Monitoring.AspNetCore.Json;

/// <summary>The settings of the API as appsettings.json has them.</summary>
[JsonSerializable(typeof(MonitoringApiOptions))]
internal sealed partial class ApiSettingsJson : JsonSerializerContext;
