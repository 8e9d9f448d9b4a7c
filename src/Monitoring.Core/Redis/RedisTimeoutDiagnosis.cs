namespace Monitoring.Redis;

/// <summary>
/// The autopsy of one timeout: what the client said about itself at that moment, typed, and what follows from it. A figure
/// that the client did not give is null.
/// </summary>
public sealed record RedisTimeoutDiagnosis
{
    /// <summary>When the operation timed out.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Redis command, such as <c>GET</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>Server as <c>host:port</c>.</summary>
    public string? EndPoint { get; init; }

    /// <summary>How long the caller had waited.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>The most probable cause.</summary>
    public RedisTimeoutCause Cause { get; init; }

    /// <summary>Why: the figures that decided, in a sentence.</summary>
    public required string Explanation { get; init; }

    /// <summary>How far the command had got: <c>WaitingToBeSent</c>, <c>WaitingInBacklog</c> or <c>Sent</c>.</summary>
    public string? CommandState { get; init; }

    /// <summary>Commands that were not written yet (<c>qu</c>).</summary>
    public long? UnsentCommands { get; init; }

    /// <summary>Commands sent that wait for their reply (<c>qs</c>).</summary>
    public long? CommandsAwaitingReply { get; init; }

    /// <summary>Bytes that have arrived and are not read (<c>in</c>).</summary>
    public long? UnreadBytes { get; init; }

    /// <summary>Bytes that were read and do not make a whole reply yet, or wait to be parsed (<c>in-pipe</c>).</summary>
    public long? UnparsedBytes { get; init; }

    /// <summary>Size of the last reply that was read whole, bytes (<c>last-in</c>).</summary>
    public long? LastReplyBytes { get; init; }

    /// <summary>Bytes so far of the reply that is being read (<c>cur-in</c>).</summary>
    public long? CurrentReplyBytes { get; init; }

    /// <summary>State of the reader (<c>rs</c>).</summary>
    public string? ReaderState { get; init; }

    /// <summary>State of the writer (<c>ws</c>).</summary>
    public string? WriterState { get; init; }

    /// <summary>State of the backlog (<c>bw</c>).</summary>
    public string? BacklogState { get; init; }

    /// <summary>Whether there was a connection.</summary>
    public bool? IsConnected { get; init; }

    /// <summary>How long the connection had stood.</summary>
    public TimeSpan? ConnectedFor { get; init; }

    /// <summary>Busy threads of the thread pool.</summary>
    public int? BusyWorkers { get; init; }

    /// <summary>Threads that the pool makes at once when they are needed.</summary>
    public int? MinimumWorkers { get; init; }

    /// <summary>Work items that wait for a thread of the pool.</summary>
    public long? QueuedWorkItems { get; init; }
}
