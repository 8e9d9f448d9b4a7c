namespace Monitoring.Redis;

/// <summary>A consumer group whose lag and pending entries are watched.</summary>
public sealed class RedisStreamGroup
{
    /// <summary>Key of the stream. Required.</summary>
    public string Stream { get; set; } = "";

    /// <summary>Name of the group. Required.</summary>
    public string Group { get; set; } = "";
}
