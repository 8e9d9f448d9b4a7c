using System.Text.Json.Serialization;

namespace Monitoring.Alerts.Suppression;

/// <summary>How silences are written into the state that outlives the process.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Silence))]
internal sealed partial class SilenceJson : JsonSerializerContext;
