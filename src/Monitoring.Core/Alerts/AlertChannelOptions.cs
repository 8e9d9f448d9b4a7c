using Monitoring.Validation;

namespace Monitoring.Alerts;

/// <summary>What a channel wants to hear of, and how it is treated. The options of each notifier have these as well.</summary>
public class AlertChannelOptions
{
    internal static AlertChannelOptions Default { get; } = new();

    /// <summary>The least severity that the channel is told of. <c>Warning</c> or <c>Critical</c>; default <c>Warning</c>.</summary>
    public AlertSeverity MinimumSeverity { get; set; } = AlertSeverity.Warning;

    /// <summary>The categories that the channel is told of. Default empty, which is all.</summary>
    public IList<AlertCategory> Categories { get; } = [];

    /// <summary>Whether the channel is told that an alert is over. Default true.</summary>
    public bool SendResolved { get; set; } = true;

    /// <summary>
    /// When set, the channel is told only of alerts that nobody has acknowledged for that long: somebody to be called in the
    /// end. 1 s to 7 days; default not set, which is at once.
    /// </summary>
    public TimeSpan? EscalateAfter { get; set; }

    /// <summary>After how long the channel is told again of an alert that still fires; not set means <see cref="AlertOptions.RepeatInterval"/>. 1 s to 30 days; default not set.</summary>
    public TimeSpan? RepeatInterval { get; set; }

    /// <summary>How long one attempt to deliver may take. 100 ms to 5 min; default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The least time between two notices. 0 to 1 h; default 0.</summary>
    public TimeSpan MinimumInterval { get; set; }

    /// <summary>Delay before the second attempt; it doubles from there, with jitter. 1 ms to 1 min; default 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay between attempts, unless the receiver asks for a longer one. <see cref="RetryDelay"/> to 1 h; default 1 min.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a notice is tried before it counts as failed. 1 s to 7 days; default 1 h.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Alerts that came and went unheard and are kept for a channel that cannot be reached; beyond that they are only counted (<see cref="AlertDigest"/>). 1 to 100,000; default 1,000.</summary>
    public int BacklogCapacity { get; set; } = 1000;

    /// <summary>
    /// Whether reminders of what the channel was told go on whatever happens to the alert, acknowledged and silenced ones
    /// included: for a receiver that forgets an alert of which it hears nothing.
    /// </summary>
    internal virtual bool RemindsAlways => false;

    internal void ValidateChannel(OptionsErrors errors)
    {
        errors.Require(Enum.IsDefined(MinimumSeverity), nameof(MinimumSeverity), MinimumSeverity, "Warning or Critical");
        errors.Require(Categories.All(Enum.IsDefined), nameof(Categories), string.Join(", ", Categories), string.Join(", ", Enum.GetNames<AlertCategory>()));
        errors.Range(nameof(EscalateAfter), EscalateAfter ?? TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        errors.Range(nameof(RepeatInterval), RepeatInterval ?? TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        errors.Range(nameof(Timeout), Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        errors.Range(nameof(MinimumInterval), MinimumInterval, TimeSpan.Zero, TimeSpan.FromHours(1));
        errors.Range(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        errors.Range(nameof(MaxRetryDelay), MaxRetryDelay, RetryDelay, TimeSpan.FromHours(1));
        errors.Range(nameof(GiveUpAfter), GiveUpAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        errors.Range(nameof(BacklogCapacity), BacklogCapacity, 1, 100_000);
    }
}
