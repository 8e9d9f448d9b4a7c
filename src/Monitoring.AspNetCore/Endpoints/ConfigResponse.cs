using System.Text.Json.Nodes;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>
/// The settings in effect, in the shape of the configuration section <c>Monitoring</c> and without secrets; the keys that can be
/// changed while the process runs, those that are read once, and those that were changed here.
/// </summary>
internal sealed record ConfigResponse(JsonObject Settings, IReadOnlyList<string> Live, IReadOnlyList<string> Restart, IReadOnlyList<string> Changed);
