namespace Monitoring.Backpressure;

/// <summary>How badly a queue backs up.</summary>
public enum BackpressureLevel
{
    /// <summary>It does not.</summary>
    None = 0,

    /// <summary>One of the signals is over its threshold.</summary>
    Elevated = 1,

    /// <summary>Two of depth, utilisation and processing time are, or nothing goes on, or the queue is nearly full.</summary>
    Severe = 2,
}
