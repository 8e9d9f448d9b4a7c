using Monitoring.Validation;

namespace Monitoring.Redis;

/// <summary>
/// How Redis is watched (section <c>Monitoring:Redis</c>). All but the capacities reload live.
/// </summary>
public sealed class RedisMonitoringOptions
{
    private const int StreamGroupLimit = 100;

    /// <summary>
    /// Duration from which on an operation is slow and is kept in the recent list: 1 ms to 1 minute. Default 100 ms.
    /// </summary>
    [Live]
    public TimeSpan SlowThreshold { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How many ordinary operations a second are looked at closely, for the recent list, key patterns and payload sizes: 0
    /// (none) to 100,000. Default 1,000. All are up to that rate; beyond it a share of them, each for as many others.
    /// </summary>
    [Live]
    public int SamplesPerSecond { get; set; } = 1_000;

    /// <summary>Commands to record, such as <c>GET</c>; all when empty, which is the default. The others are passed on untouched, circuit included.</summary>
    [Live]
    public IList<string> IncludeCommands { get; } = [];

    /// <summary>Commands not to record, even if they are included. Default none.</summary>
    [Live]
    public IList<string> ExcludeCommands { get; } = [];

    /// <summary>
    /// How many recent operations are kept: 0 to 10,000. Default 200. Half of them are failed or slow ones, the others a
    /// sample of all.
    /// </summary>
    public int RecentCapacity { get; set; } = 200;

    /// <summary>How many key patterns each list of hot keys tells apart: 0 (none) to 10,000. Default 100.</summary>
    public int KeyPatternCapacity { get; set; } = 100;

    /// <summary>Whether whole keys are kept in place of their patterns. Default false: keys may hold personal data.</summary>
    [Live]
    public bool CaptureRawKeys { get; set; }

    /// <summary>How many kinds of slow operations are told apart: 0 (none) to 10,000. Default 200.</summary>
    public int SlowOperationCapacity { get; set; } = 200;

    /// <summary>How many diagnosed timeouts are kept: 0 to 1,000. Default 50.</summary>
    public int TimeoutCapacity { get; set; } = 50;

    /// <summary>How many patterns of pub/sub channels are told apart: 0 (all are <c>OTHER</c>) to 1,000. Default 100.</summary>
    public int ChannelCapacity { get; set; } = 100;

    /// <summary>Consumer groups of streams whose lag and pending entries are watched; 100 at most. Default none.</summary>
    [Live]
    public IList<RedisStreamGroup> StreamGroups { get; } = [];

    /// <summary>What the servers are asked about themselves.</summary>
    public RedisServerOptions Server { get; set; } = new();

    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        errors.Range(nameof(SlowThreshold), SlowThreshold, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        errors.Range(nameof(SamplesPerSecond), SamplesPerSecond, 0, 100_000);
        errors.Range(nameof(RecentCapacity), RecentCapacity, 0, 10_000);
        errors.Range(nameof(KeyPatternCapacity), KeyPatternCapacity, 0, 10_000);
        errors.Range(nameof(SlowOperationCapacity), SlowOperationCapacity, 0, 10_000);
        errors.Range(nameof(TimeoutCapacity), TimeoutCapacity, 0, 1_000);
        errors.Range(nameof(ChannelCapacity), ChannelCapacity, 0, 1_000);
        ValidateCommands(errors, nameof(IncludeCommands), IncludeCommands);
        ValidateCommands(errors, nameof(ExcludeCommands), ExcludeCommands);
        ValidateStreamGroups(errors);
        errors.Require(Server is not null, nameof(Server), Server, "a section of settings");
        Server?.Validate(errors.In(nameof(Server)));
    }

    private static void ValidateCommands(OptionsErrors errors, string key, IList<string> commands)
    {
        for (var i = 0; i < commands.Count; i++)
        {
            errors.Require(!string.IsNullOrWhiteSpace(commands[i]), $"{key}:{i}", commands[i], "the name of a command, such as GET");
        }
    }

    private void ValidateStreamGroups(OptionsErrors errors)
    {
        errors.Range($"{nameof(StreamGroups)}:Count", StreamGroups.Count, 0, StreamGroupLimit);
        for (var i = 0; i < StreamGroups.Count; i++)
        {
            errors.Require(!string.IsNullOrEmpty(StreamGroups[i].Stream), $"{nameof(StreamGroups)}:{i}:{nameof(RedisStreamGroup.Stream)}", StreamGroups[i].Stream, "the key of a stream");
            errors.Require(!string.IsNullOrEmpty(StreamGroups[i].Group), $"{nameof(StreamGroups)}:{i}:{nameof(RedisStreamGroup.Group)}", StreamGroups[i].Group, "the name of a consumer group");
        }
    }
}
