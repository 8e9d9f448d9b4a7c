namespace Monitoring.Alerts;

/// <summary>The part of the service that an alert is about.</summary>
public enum AlertCategory
{
    /// <summary>Webhook handlers.</summary>
    Webhook,

    /// <summary>Redis operations.</summary>
    Redis,

    /// <summary>Circuit breakers.</summary>
    CircuitBreaker,

    /// <summary>The background queue and its workers.</summary>
    TaskQueue,

    /// <summary>Requests and other operations.</summary>
    Request,

    /// <summary>Caches.</summary>
    Cache,

    /// <summary>Database queries.</summary>
    Query,

    /// <summary>Processor, memory and disks.</summary>
    System,

    /// <summary>The services that this one depends on.</summary>
    Service,

    /// <summary>What the application measures or checks itself.</summary>
    Application,
}
