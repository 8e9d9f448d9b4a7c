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

    internal void Validate(OptionsErrors errors)
    {
        errors.Range(nameof(RecentCapacity), RecentCapacity, 0, 10_000);
        errors.Range(nameof(MaxEndpoints), MaxEndpoints, 1, 1_000);
        errors.Range(nameof(MaxPhases), MaxPhases, 1, 256);
    }
}
