namespace Monitoring.Redis;

/// <summary>Pub/sub of the channels of one pattern over one window.</summary>
public sealed record RedisChannelStatistics
{
    /// <summary>Pattern of the channel names, such as <c>orders:{id}</c>; <c>OTHER</c> for all beyond the cap.</summary>
    public required string Channel { get; init; }

    /// <summary>
    /// Messages published through monitored connections: those that the client took, and in a batch or transaction those
    /// that were executed. What failed later is a failure of <c>PUBLISH</c>.
    /// </summary>
    public long Published { get; init; }

    /// <summary>
    /// Messages that handlers received; one message to two handlers counts twice. What a <c>ChannelMessageQueue</c>
    /// delivers is not among them.
    /// </summary>
    public long Received { get; init; }

    /// <summary>Handlers that threw.</summary>
    public long HandlerExceptions { get; init; }

    /// <summary>Mean duration of the handlers.</summary>
    public TimeSpan HandlerAverage { get; init; }

    /// <summary>95th percentile of the handlers' durations.</summary>
    public TimeSpan HandlerP95 { get; init; }

    /// <summary>Longest duration of a handler.</summary>
    public TimeSpan HandlerMaximum { get; init; }
}
