using Monitoring.Validation;

namespace Monitoring.Telemetry;

/// <summary>
/// What is logged of slow operations (section <c>Monitoring:Logs</c>). Takes effect at once when the configuration changes.
/// </summary>
[Live]
public sealed class LogOptions
{
    /// <summary>Whether slow operations are logged. Default true.</summary>
    public bool SlowOperations { get; set; } = true;

    /// <summary>How many lines of one kind (request, webhook, Redis, query, task) may come at once. 1 to 1,000; default 5.</summary>
    public int Burst { get; set; } = 5;

    /// <summary>How many lines a second of one kind may come on and on; what is beyond is counted. 0.001 to 1,000; default 1.</summary>
    public double PerSecond { get; set; } = 1;

    /// <summary>Duration from which on a webhook is slow. 1 ms to 1 h; default 2 s, after which senders give up.</summary>
    public TimeSpan WebhookThreshold { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Duration from which on an attempt at a task is slow. 1 ms to 1 day; default 5 s. One that timed out is logged in any case.
    /// </summary>
    public TimeSpan TaskThreshold { get; set; } = TimeSpan.FromSeconds(5);

    internal void Validate(OptionsErrors errors)
    {
        errors.Range(nameof(Burst), Burst, 1, 1_000);
        errors.Range(nameof(PerSecond), PerSecond, 0.001, 1_000);
        errors.Range(nameof(WebhookThreshold), WebhookThreshold, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        errors.Range(nameof(TaskThreshold), TaskThreshold, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
    }
}
