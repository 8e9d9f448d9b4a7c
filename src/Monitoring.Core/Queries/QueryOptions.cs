using Monitoring.Validation;

namespace Monitoring.Queries;

/// <summary>How database queries are watched (section <c>Monitoring:Queries</c>).</summary>
public sealed class QueryOptions
{
    /// <summary>
    /// Whether the telemetry of Npgsql, SqlClient and EF Core is listened to, where the application has them. Default true.
    /// Read once, when the monitor is created.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Duration from which on a query is slow: 1 ms to 1 minute. Default 100 ms.</summary>
    [Live]
    public TimeSpan SlowThreshold { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How many statements are told apart; when there are more, the one that was seen least recently makes room: 0 (none) to
    /// 10,000. Default 300. Read once, when the monitor is created.
    /// </summary>
    public int StatementCapacity { get; set; } = 300;

    /// <summary>How often a statement has to run within one request to be listed as repeated: 2 to 10,000. Default 10.</summary>
    [Live]
    public int RepeatThreshold { get; set; } = 10;

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(SlowThreshold), SlowThreshold, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        errors.Range(nameof(StatementCapacity), StatementCapacity, 0, 10_000);
        errors.Range(nameof(RepeatThreshold), RepeatThreshold, 2, 10_000);
    }
}
