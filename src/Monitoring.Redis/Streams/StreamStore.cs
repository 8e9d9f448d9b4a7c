using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.Redis.Streams;

/// <summary>
/// The queue in Redis, seen by one consumer: each call is one script. They fail as the client does; who calls says what
/// follows from that. Thread-safe.
/// </summary>
internal sealed class StreamStore(IDatabase database, StreamKeys keys, RedisTaskQueueOptions options, string group, string consumer)
{
    // What a letter holds beside the payload: names and ids.
    private const int RawOverhead = 8 * 1024;

    private readonly RedisKey[] _readKeys = [.. keys.Streams, keys.Delayed, keys.Idle, keys.Paused];
    private readonly RedisKey[] _stateKeys = [.. keys.Streams, keys.Delayed, keys.Idle, keys.Dead, keys.Paused, keys.Nodes];
    private readonly RedisValue _channel = keys.Channel.ToString();
    private readonly long _deduplicationTtl = Milliseconds(options.DeduplicationTtl);

    // XACKDEL came with Redis 8.2; whether the server has it is known once it was tried. Written by any thread, always towards false.
    private volatile bool _mayAcknowledgeAndDelete;

    public StreamKeys Keys => keys;

    /// <summary>Settles with XACKDEL from now on, as long as the server does not say that it has none.</summary>
    public void UseAcknowledgeAndDelete() => _mayAcknowledgeAndDelete = true;

    public bool UsesAcknowledgeAndDelete => _mayAcknowledgeAndDelete;

    /// <returns>0 when it was added, -1 for a duplicate, or else the length of the full queue.</returns>
    public async Task<long> EnqueueAsync(BackgroundTask task, RedisValue[] fields) =>
        (long)await database.ScriptEvaluateAsync(StreamScripts.Enqueue, EnqueueKeys(task), EnqueueArguments(task, fields)).ConfigureAwait(false);

    /// <inheritdoc cref="EnqueueAsync"/>
    public long Enqueue(BackgroundTask task, RedisValue[] fields) =>
        (long)database.ScriptEvaluate(StreamScripts.Enqueue, EnqueueKeys(task), EnqueueArguments(task, fields));

    /// <summary>Takes up to as many new entries as the shares add up to.</summary>
    public async Task<ReadResult> ReadAsync(int[] shares, TimeSpan idleMark)
    {
        var reply = await database.ScriptEvaluateAsync(StreamScripts.Read, _readKeys,
            [group, consumer, _channel, Milliseconds(idleMark), shares.Sum(), shares[0], shares[1], shares[2]]).ConfigureAwait(false);
        var due = (long)reply[2];
        return new ReadResult(
            (int)reply[0] != 0, (long)reply[1], due < 0 ? null : TimeSpan.FromMilliseconds(due), (int)reply[3], Entries(reply[4]));
    }

    /// <summary>Takes entries that their consumers have not touched for long; <paramref name="cursors"/> are carried on in place.</summary>
    public async Task<DeliveredEntry[]> ClaimAsync(string[] cursors, int count)
    {
        var reply = await database.ScriptEvaluateAsync(StreamScripts.Claim, keys.Streams,
            [group, consumer, Milliseconds(options.ClaimIdleTime), count, cursors[0], cursors[1], cursors[2]]).ConfigureAwait(false);
        for (var i = 0; i < cursors.Length; i++)
        {
            cursors[i] = (string)reply[0][i]!;
        }

        return Entries(reply[1]);
    }

    /// <returns>The ids that are not this consumer's any more.</returns>
    public async Task<string[]> HeartbeatAsync(TaskPriority priority, IReadOnlyCollection<HeldTask> held)
    {
        var reply = await database.ScriptEvaluateAsync(StreamScripts.Heartbeat, [keys.Stream(priority)],
            [group, consumer, .. held.Select(static task => (RedisValue)task.EntryId)]).ConfigureAwait(false);
        await Task.WhenAll(held.Where(static task => task.DeduplicationKey is not null)
            .Select(task => database.KeyExpireAsync(keys.Deduplication(task.DeduplicationKey!), options.DeduplicationTtl))).ConfigureAwait(false);
        return (string[])reply!;
    }

    public Task AnnounceAsync(int workers, TimeSpan lifetime) =>
        database.ScriptEvaluateAsync(StreamScripts.Presence, [keys.Nodes], [consumer, workers, Milliseconds(lifetime)]);

    public async Task CompleteAsync(HeldTask task)
    {
        if (_mayAcknowledgeAndDelete && task.DeduplicationKey is null)
        {
            try
            {
                await database.StreamAcknowledgeAndDeleteAsync(keys.Stream(task.Priority), group, StreamTrimMode.KeepReferences, task.EntryId).ConfigureAwait(false);
                return;
            }
            catch (RedisServerException exception) when (exception.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase))
            {
                _mayAcknowledgeAndDelete = false;
            }
        }

        await database.ScriptEvaluateAsync(StreamScripts.Complete, keys.With(task.DeduplicationKey, keys.Stream(task.Priority)),
            [group, task.EntryId, task.TaskId]).ConfigureAwait(false);
    }

    /// <summary>Puts a task back, now or later.</summary>
    public Task ReturnAsync(HeldTask task, TimeSpan delay, int attempts) =>
        database.ScriptEvaluateAsync(StreamScripts.Return, keys.With(task.DeduplicationKey, keys.Stream(task.Priority), keys.Delayed, keys.Idle),
            [group, consumer, task.EntryId, (int)task.Priority + 1, Milliseconds(delay), _channel, _deduplicationTtl, attempts, task.TotalDeliveries]);

    public Task BuryAsync(HeldTask task, RedisValue[] letter) =>
        database.ScriptEvaluateAsync(StreamScripts.Bury, keys.With(task.DeduplicationKey, keys.Stream(task.Priority), keys.Dead),
            [group, consumer, task.EntryId, task.TaskId, options.DeadLetterCapacity, options.MaxPayloadBytes + RawOverhead, .. letter]);

    /// <returns>See <see cref="StreamScripts.Redrive"/>.</returns>
    public async Task<int> RedriveAsync(StoredLetter letter) =>
        (int)await database.ScriptEvaluateAsync(StreamScripts.Redrive, keys.With(letter.DeduplicationKey, [.. keys.Streams, keys.Delayed, keys.Idle, keys.Dead]),
            [letter.EntryId, (int)letter.Letter.Priority + 1, options.Capacity, _channel, letter.Letter.Id, _deduplicationTtl]).ConfigureAwait(false);

    /// <summary>Dead letters, newest first, or from the oldest on.</summary>
    public Task<StreamEntry[]> ReadLettersAsync(RedisValue from, RedisValue to, int count, Order order) =>
        database.StreamRangeAsync(keys.Dead, from, to, count, order);

    public async Task<StreamState> GetStateAsync(TimeProvider timeProvider)
    {
        var reply = await database.ScriptEvaluateAsync(StreamScripts.State, _stateKeys, [group, consumer, _channel]).ConfigureAwait(false);
        return StreamState.Parse(reply, timeProvider.GetTimestamp());
    }

    public async Task SetPausedAsync(bool paused)
    {
        // One pipeline: the key is there before anybody hears of it.
        var key = paused ? database.StringSetAsync(keys.Paused, "1") : database.KeyDeleteAsync(keys.Paused);
        var message = database.PublishAsync(keys.Channel, paused ? "pause" : "resume");
        await Task.WhenAll(key, message).ConfigureAwait(false);
    }

    /// <summary>Removes consumers that are gone for long; or, without a time, this one. Never one with pending entries.</summary>
    public async Task<int> RemoveConsumersAsync(TimeSpan? idle) =>
        (int)await database.ScriptEvaluateAsync(StreamScripts.RemoveConsumers, [.. keys.Streams, keys.Nodes],
            [group, consumer, idle is { } time ? Milliseconds(time) : -1]).ConfigureAwait(false);

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);

    private static DeliveredEntry[] Entries(RedisResult reply)
    {
        var entries = new DeliveredEntry[reply.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = DeliveredEntry.Parse(reply[i]);
        }

        return entries;
    }

    private RedisKey[] EnqueueKeys(BackgroundTask task) => keys.With(task.DeduplicationKey, [.. keys.Streams, keys.Delayed, keys.Idle]);

    private RedisValue[] EnqueueArguments(BackgroundTask task, RedisValue[] fields) =>
        [(int)task.Priority + 1, options.Capacity, Milliseconds(task.Delay), _channel, task.Id, _deduplicationTtl, .. fields];
}
