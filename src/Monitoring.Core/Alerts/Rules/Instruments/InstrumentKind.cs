namespace Monitoring.Alerts.Rules.Instruments;

/// <summary>What the measurements of an instrument are.</summary>
internal enum InstrumentKind
{
    /// <summary>Additions to a sum that only grows.</summary>
    Counter,

    /// <summary>Additions to a sum that grows and falls.</summary>
    UpDownCounter,

    /// <summary>Values that replace each other.</summary>
    Gauge,

    /// <summary>Values that are counted side by side.</summary>
    Histogram,
}
