using Monitoring.Validation;

namespace Monitoring.Webhooks;

/// <summary>How webhooks are watched (section <c>Monitoring:Webhooks</c>). Read once, when the monitor is created.</summary>
public sealed class WebhookOptions
{
    /// <summary>How many of the last webhooks the summary lists. 0 to 10,000; default 100.</summary>
    public int RecentCapacity { get; set; } = 100;

    /// <summary>
    /// How many endpoints are told apart; webhooks of further ones are summed up as <c>OTHER</c>. 1 to 1,000; default 100.
    /// </summary>
    public int MaxEndpoints { get; set; } = 100;

    /// <summary>How many phases are told apart; further ones are summed up as <c>OTHER</c>. 1 to 256; default 32.</summary>
    public int MaxPhases { get; set; } = 32;

    /// <summary>How many of the slowest webhooks are kept of each minute, and listed of a window. 0 to 100; default 10.</summary>
    public int SlowestCapacity { get; set; } = 10;

    /// <summary>The objective: share of webhooks to be handled within <see cref="ObjectiveTarget"/>. 50 to 99.999 percent; default 99.</summary>
    public double ObjectivePercent { get; set; } = 99;

    /// <summary>The time within which they are to be handled. 1 ms to 1 h; default 500 ms.</summary>
    public TimeSpan ObjectiveTarget { get; set; } = TimeSpan.FromMilliseconds(500);

    internal void Validate(OptionsErrors errors)
    {
        errors.Range(nameof(RecentCapacity), RecentCapacity, 0, 10_000);
        errors.Range(nameof(MaxEndpoints), MaxEndpoints, 1, 1_000);
        errors.Range(nameof(MaxPhases), MaxPhases, 1, 256);
        errors.Range(nameof(SlowestCapacity), SlowestCapacity, 0, 100);
        errors.Range(nameof(ObjectivePercent), ObjectivePercent, 50, 99.999);
        errors.Range(nameof(ObjectiveTarget), ObjectiveTarget, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    }
}
