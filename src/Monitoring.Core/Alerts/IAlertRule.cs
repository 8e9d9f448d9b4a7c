using Monitoring.Telemetry;

namespace Monitoring.Alerts;

/// <summary>A rule in code; registered as a service, it is evaluated like the others. Its alerts are kept under its name.</summary>
public interface IAlertRule
{
    /// <summary>Identity of the rule: <c>[a-z0-9-]+</c>, 1 to 100 characters, constant.</summary>
    string Name { get; }

    /// <summary>The part of the service that it is about.</summary>
    AlertCategory Category => AlertCategory.Application;

    /// <summary>
    /// Says what is wrong at the moment, one finding an instance; called about once a second, by one thread at a time. It must
    /// not wait for anything. What it throws is counted and shown, and leaves its alerts as they are.
    /// </summary>
    /// <param name="readings">What the monitor knows: the values of a metric over a window.</param>
    IEnumerable<AlertFinding> Evaluate(IAlertReadings readings);
}
