using System.Globalization;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>An entry of a stream as this consumer was given it. Immutable.</summary>
/// <param name="Priority">Its stream.</param>
/// <param name="Id">Its id in the stream.</param>
/// <param name="Fields">What is in it.</param>
/// <param name="Deliveries">How often it was given to a consumer, this time included.</param>
internal sealed record DeliveredEntry(TaskPriority Priority, string Id, IReadOnlyDictionary<string, RedisValue> Fields, int Deliveries)
{
    /// <summary>From priority (1–3), id, fields and, where it was claimed, deliveries.</summary>
    public static DeliveredEntry Parse(RedisResult reply) => new(
        (TaskPriority)((int)reply[0] - 1), (string)reply[1]!, ReadFields(reply[2]), reply.Length > 3 ? (int)reply[3] : 1);

    public static Dictionary<string, RedisValue> ReadFields(RedisResult reply)
    {
        var fields = new Dictionary<string, RedisValue>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < reply.Length; i += 2)
        {
            fields[(string)reply[i]!] = (RedisValue)reply[i + 1];
        }

        return fields;
    }

    /// <summary>When an entry was added, in the server's Unix ms.</summary>
    public static long AddedAt(string id) =>
        long.TryParse(id.AsSpan(0, Math.Max(0, id.IndexOf('-', StringComparison.Ordinal))), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : 0;
}

/// <summary>What a read found.</summary>
/// <param name="IsPaused">Nothing was read because the queue is paused.</param>
/// <param name="Now">The server's time in Unix ms.</param>
/// <param name="UntilDue">Time until the next delayed task; null when none is delayed.</param>
/// <param name="GroupsMade">Groups that were not there.</param>
/// <param name="Entries">The entries, given to this consumer from now on.</param>
internal readonly record struct ReadResult(bool IsPaused, long Now, TimeSpan? UntilDue, int GroupsMade, DeliveredEntry[] Entries);
