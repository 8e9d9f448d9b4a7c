using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules;

/// <summary>A reading and which source gave it.</summary>
/// <param name="Reading">The value.</param>
/// <param name="Source">Number of the source within its operand, by which that tells whether it failed.</param>
internal readonly record struct SourcedReading(MetricReading Reading, int Source);
