using Monitoring.Alerts;
using Monitoring.Backpressure;
using Monitoring.Caches;
using Monitoring.CircuitBreakers;
using Monitoring.Queries;
using Monitoring.Redis;
using Monitoring.Requests;
using Monitoring.Services;
using Monitoring.SystemResources;
using Monitoring.TaskQueues;
using Monitoring.Telemetry;
using Monitoring.Validation;
using Monitoring.Webhooks;

namespace Monitoring;

/// <summary>Everything that can be set (section <c>Monitoring</c>). Each part names its defaults, units and ranges.</summary>
public sealed class MonitoringOptions
{
    /// <summary>Webhook handlers.</summary>
    public WebhookOptions Webhooks { get; set; } = new();

    /// <summary>Requests and other operations.</summary>
    public RequestOptions Requests { get; set; } = new();

    /// <summary>Caches.</summary>
    public CacheOptions Caches { get; set; } = new();

    /// <summary>Database queries.</summary>
    public QueryOptions Queries { get; set; } = new();

    /// <summary>Processor, memory, disks, network and the runtime.</summary>
    public SystemOptions System { get; set; } = new();

    /// <summary>The services that this one depends on.</summary>
    public ServiceOptions Services { get; set; } = new();

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

    /// <summary>The log of slow operations.</summary>
    public LogOptions Logs { get; set; } = new();

    internal void Validate(OptionsErrors errors)
    {
        Part(errors, nameof(Webhooks), Webhooks, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(Requests), Requests, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(Caches), Caches, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(Queries), Queries, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(System), System, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(Services), Services, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(Redis), Redis, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(CircuitBreaker), CircuitBreaker, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(TaskQueue), TaskQueue, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(Backpressure), Backpressure, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(Alerts), Alerts, static (part, errors) => part.Validate(errors));
        Part(errors, nameof(Logs), Logs, static (part, errors) => part.Validate(errors));
    }

    private static void Part<T>(OptionsErrors errors, string name, T? part, Action<T, OptionsErrors> validate)
        where T : class
    {
        errors.Require(part is not null, name, part, "a section of settings");
        if (part is not null)
        {
            validate(part, errors.In(name));
        }
    }
}
