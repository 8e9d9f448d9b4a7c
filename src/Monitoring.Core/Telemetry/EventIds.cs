namespace Monitoring.Telemetry;

/// <summary>Log event ids, in bands: 1000 monitor, 1100 Redis, 1200 circuits, 1300 queue, 1400 alerts, 1500 HTTP.</summary>
public static class EventIds
{
    /// <summary>The monitor swallowed an error of its own.</summary>
    public const int InternalError = 1000;
}
