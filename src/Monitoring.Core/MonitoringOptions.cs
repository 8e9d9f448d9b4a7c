using Monitoring.Alerts;
using Monitoring.Backpressure;
using Monitoring.CircuitBreakers;
using Monitoring.Redis;
using Monitoring.TaskQueues;
using Monitoring.Validation;
using Monitoring.Webhooks;

namespace Monitoring;

/// <summary>Everything that can be set (section <c>Monitoring</c>). Each part names its defaults, units and ranges.</summary>
public sealed class MonitoringOptions
{
    /// <summary>Webhook handlers.</summary>
    public WebhookOptions Webhooks { get; set; } = new();

    /// <summary>Redis.</summary>
    public RedisMonitoringOptions Redis { get; set; } = new();

    /// <summary>Circuit breakers.</summary>
    public CircuitBreakerOptions CircuitBreaker { get; set; } = new();

    /// <summary>The in-process queue.</summary>
    public TaskQueueOptions TaskQueue { get; set; } = new();

    /// <summary>Backpressure of the queue.</summary>
    public BackpressureOptions Backpressure { get; set; } = new();

    /// <summary>Alerts.</summary>
    public AlertOptions Alerts { get; set; } = new();

    internal void Validate(OptionsErrors errors)
    {
        Webhooks.Validate(errors.In(nameof(Webhooks)));
        Redis.Validate(errors.In(nameof(Redis)));
        CircuitBreaker.Validate(errors.In(nameof(CircuitBreaker)));
        TaskQueue.Validate(errors.In(nameof(TaskQueue)));
        Backpressure.Validate(errors.In(nameof(Backpressure)));
        Alerts.Validate(errors.In(nameof(Alerts)));
    }
}
