namespace Monitoring.Telemetry;

/// <summary>Log event ids, in bands: 1000 monitor, 1100 Redis, 1200 circuits, 1300 queue, 1400 alerts, 1500 HTTP.</summary>
public static class EventIds
{
    /// <summary>The monitor swallowed an error of its own.</summary>
    public const int InternalError = 1000;

    /// <summary>A circuit opened after it had been closed.</summary>
    public const int CircuitOpened = 1200;

    /// <summary>A circuit let a probe through.</summary>
    public const int CircuitHalfOpened = 1201;

    /// <summary>A circuit closed.</summary>
    public const int CircuitClosed = 1202;

    /// <summary>A circuit was opened by hand until it is closed by hand.</summary>
    public const int CircuitIsolated = 1203;

    /// <summary>A probe failed; the circuit stays open for another break.</summary>
    public const int CircuitStaysOpen = 1204;
}
