using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>The queue as the server last described it. Immutable.</summary>
internal sealed record StreamState
{
    public static StreamState Unknown { get; } = new() { At = 0 };

    /// <summary>Timestamp of the answer; 0 before the first.</summary>
    public required long At { get; init; }

    /// <summary>Depths and ages at that time.</summary>
    public TaskQueueDepth Depth { get; init; }

    public bool IsPaused { get; init; }

    /// <summary>Tasks given to consumers and not settled.</summary>
    public int Pending { get; init; }

    /// <summary>Of these, those of other consumers.</summary>
    public int PendingElsewhere { get; init; }

    /// <summary>Workers of the other nodes that run tasks.</summary>
    public int WorkersElsewhere { get; init; }

    public int Consumers { get; init; }

    /// <summary>Groups beside ours that read these streams.</summary>
    public int OtherGroups { get; init; }

    /// <summary>From the reply of <see cref="StreamScripts.State"/>.</summary>
    public static StreamState Parse(RedisResult reply, long timestamp)
    {
        var now = (long)reply[0];
        var streams = reply[5];
        var waiting = new int[StreamKeys.Priorities];
        var ages = new TimeSpan?[StreamKeys.Priorities];
        int pending = 0, own = 0, consumers = 0, others = 0;
        for (var i = 0; i < StreamKeys.Priorities; i++)
        {
            var stream = streams[i];
            pending += (int)stream[1];
            own += (int)stream[2];
            consumers = Math.Max(consumers, (int)stream[3]);
            others = Math.Max(others, (int)stream[4]);
            var oldest = (string)stream[5]!;

            // Entries that somebody deleted by hand may still be pending.
            waiting[i] = oldest.Length == 0 ? 0 : Math.Max(1, (int)stream[0] - (int)stream[1]);
            ages[i] = oldest.Length == 0 ? null : TimeSpan.FromMilliseconds(Math.Max(0, now - DeliveredEntry.AddedAt(oldest)));
        }

        return new StreamState
        {
            At = timestamp,
            Depth = new TaskQueueDepth(waiting[0], waiting[1], waiting[2])
            {
                OldestAge = ages.Max(),
                HighOldestAge = ages[0],
                NormalOldestAge = ages[1],
                LowOldestAge = ages[2],
                Delayed = (int)reply[1],
                DeadLetters = (int)reply[2],
            },
            IsPaused = (int)reply[3] != 0,
            Pending = pending,
            PendingElsewhere = Math.Max(0, pending - own),
            WorkersElsewhere = (int)reply[4],
            Consumers = consumers,
            OtherGroups = others,
        };
    }

    /// <summary>The depth now: what waits goes on ageing while the server is not asked.</summary>
    public TaskQueueDepth DepthAt(TimeSpan elapsed) => Depth with
    {
        OldestAge = Depth.OldestAge + elapsed,
        HighOldestAge = Depth.HighOldestAge + elapsed,
        NormalOldestAge = Depth.NormalOldestAge + elapsed,
        LowOldestAge = Depth.LowOldestAge + elapsed,
    };
}
