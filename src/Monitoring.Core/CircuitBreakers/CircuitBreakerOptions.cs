using Monitoring.Validation;

namespace Monitoring.CircuitBreakers;

/// <summary>
/// When circuits open and for how long (section <c>Monitoring:CircuitBreaker</c>). Each circuit takes its values when it
/// is made.
/// </summary>
public sealed class CircuitBreakerOptions
{
    // Polly.Core refuses less of either, and more than a day.
    private const int LowestThroughput = 2;
    private static readonly TimeSpan ShortestDuration = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether outcomes open circuits. Default true. A circuit that is disabled stays closed unless it is isolated by hand.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Share of failures within <see cref="SamplingDuration"/> at which a circuit opens: 0.01 to 1. Default 0.5.
    /// </summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>
    /// Calls within <see cref="SamplingDuration"/> below which a circuit does not open: 2 to 1,000,000. Default 5. A service
    /// whose calls are fewer, such as one caller that waits out a timeout of a second or more each time, needs a lower
    /// value or a longer window.
    /// </summary>
    public int MinimumThroughput { get; set; } = 5;

    /// <summary>
    /// The sliding window in which failures are counted: 500 ms to 1 day. Default 5 s. It is also the longest an outage
    /// may go on before the circuit of a busy service opens, for then the window holds nothing but failures.
    /// </summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a circuit rejects every call before it lets a probe through: 500 ms to 1 day. Default 5 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a probe may take before it counts as failed: 50 ms to 1 minute. Default 2 s. A call that serves as the
    /// probe is not cut short by it.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(FailureRatio), FailureRatio, 0.01, 1);
        errors.Range(nameof(MinimumThroughput), MinimumThroughput, LowestThroughput, 1_000_000);
        errors.Range(nameof(SamplingDuration), SamplingDuration, ShortestDuration, LongestDuration);
        errors.Range(nameof(BreakDuration), BreakDuration, ShortestDuration, LongestDuration);
        errors.Range(nameof(ProbeTimeout), ProbeTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
    }
}
