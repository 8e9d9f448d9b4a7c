using Monitoring.Latency;
using Monitoring.SlowOperations;

namespace Monitoring.Redis;

/// <summary>
/// The operations that are looked at closely: the recent ones, the slow ones, and what the sample says of keys and sizes.
/// Thread-safe. Whether whole keys are kept is said with every call, because it may change; a change starts everything that
/// names keys anew.
/// </summary>
internal sealed class RedisObservations
{
    private const int LongestCommand = 128;
    private const char Cut = '*';

    private readonly SliceClock _clock;
    private readonly RedisMonitoringOptions _capacities;
    private readonly Lock _lock = new();

    // Replaced as a whole under the lock, read without it: what an operation under way adds to the old one, nobody reads.
    private volatile KeyLists _lists;
    private long _overflowedBefore;

    /// <param name="clock">The clock of its windows.</param>
    /// <param name="options">The capacities, which do not change.</param>
    public RedisObservations(SliceClock clock, RedisMonitoringOptions options)
    {
        _clock = clock;
        _capacities = options;
        ArgumentSizes = new RedisPayloadRecorder(clock);
        ReplySizes = new RedisPayloadRecorder(clock);
        _lists = NewLists(options.CaptureRawKeys);
    }

    public RedisPayloadRecorder ArgumentSizes { get; }

    public RedisPayloadRecorder ReplySizes { get; }

    public long OverflowedSlowOperations
    {
        get
        {
            lock (_lock)
            {
                return _overflowedBefore + _lists.SlowOperations.Overflowed;
            }
        }
    }

    /// <summary>What names keys, or patterns only.</summary>
    public KeyLists GetLists(bool areRaw) => _lists is { } lists && lists.AreRaw == areRaw ? lists : Replace(areRaw);

    /// <summary>
    /// Takes an operation into account. Allocates nothing for a pattern that has a counter. An operation that an open circuit
    /// refused moved nothing: it is in the recent list and in no figure.
    /// </summary>
    public void Observe(in RedisObservation observation, bool areRaw)
    {
        Span<char> buffer = stackalloc char[RedisKeyNormalizer.Longest];
        ReadOnlySpan<char> pattern = buffer[..Write(observation.Key, areRaw, buffer)];
        var lists = GetLists(areRaw);
        var isRejected = observation.Failure == RedisFailureKind.Rejected;
        if (observation.IsSlow && !isRejected)
        {
            RecordSlow(lists.SlowOperations, in observation, pattern);
        }

        var isCounted = observation.Weight > 0 && !isRejected;
        if (isCounted)
        {
            RecordSizes(in observation);
        }

        var bytes = observation.ArgumentBytes.GetValueOrDefault() + observation.ReplyBytes.GetValueOrDefault();
        lists.Recent.Add(in observation, observation.Key is null ? null
            : isCounted ? lists.Usage.Add(pattern, observation.Weight, observation.Duration, bytes)
            : lists.Usage.GetText(pattern));
    }

    private static void RecordSlow(SlowOperationStore store, in RedisObservation observation, ReadOnlySpan<char> pattern)
    {
        var operation = observation.Operation;
        Span<char> text = stackalloc char[LongestCommand + 1 + RedisKeyNormalizer.Longest];
        var length = Math.Min(operation.Length, LongestCommand);
        operation.AsSpan(0, length).CopyTo(text);
        if (!pattern.IsEmpty)
        {
            text[length++] = ' ';
            pattern.CopyTo(text[length..]);
            length += pattern.Length;
        }

        var failed = observation.Failure is not (RedisFailureKind.None or RedisFailureKind.Canceled);
        store.Record(text[..length], observation.Duration, failed);
    }

    private static int Write(string? key, bool isRaw, Span<char> buffer)
    {
        if (!isRaw || key is null)
        {
            return RedisKeyNormalizer.Normalize(key, buffer);
        }

        var length = Math.Min(key.Length, buffer.Length);
        key.AsSpan(0, length).CopyTo(buffer);
        if (length < key.Length)
        {
            buffer[^1] = Cut;
        }

        return length;
    }

    private void RecordSizes(in RedisObservation observation)
    {
        if (observation.ArgumentBytes is { } sent)
        {
            ArgumentSizes.Record(sent, observation.Weight);
        }

        if (observation.ReplyBytes is { } received)
        {
            ReplySizes.Record(received, observation.Weight);
        }
    }

    private KeyLists Replace(bool areRaw)
    {
        lock (_lock)
        {
            if (_lists.AreRaw != areRaw)
            {
                _overflowedBefore += _lists.SlowOperations.Overflowed;
                _lists = NewLists(areRaw);
            }

            return _lists;
        }
    }

    private KeyLists NewLists(bool areRaw) => new(
        areRaw,
        new RedisKeyUsage(_clock, _capacities.KeyPatternCapacity),
        new SlowOperationStore(_clock, _capacities.SlowOperationCapacity),
        new RecentRedisOperations(_clock.TimeProvider, _capacities.RecentCapacity));

    /// <summary>What names keys.</summary>
    /// <param name="AreRaw">Whether whole; by their patterns otherwise.</param>
    /// <param name="Usage">Those that matter most.</param>
    /// <param name="SlowOperations">Slow operations on them.</param>
    /// <param name="Recent">The last operations.</param>
    internal sealed record KeyLists(bool AreRaw, RedisKeyUsage Usage, SlowOperationStore SlowOperations, RecentRedisOperations Recent);
}
