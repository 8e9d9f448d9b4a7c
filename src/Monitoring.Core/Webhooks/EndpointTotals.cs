using Monitoring.Latency;

namespace Monitoring.Webhooks;

/// <summary>What was counted of one endpoint since the start.</summary>
internal readonly record struct EndpointTotals(string Name, long Within500Ms, long Within2S, LatencyTotals Latency);

/// <summary>What was counted of one phase since the start.</summary>
/// <param name="Name">Name of the phase.</param>
/// <param name="Wall">Webhooks that went through it, and the time during which it ran.</param>
/// <param name="SelfTicks">The part of that time during which no phase within it ran, in ticks of <see cref="TimeSpan"/>.</param>
internal readonly record struct PhaseTotals(string Name, LatencyTotals Wall, long SelfTicks);
