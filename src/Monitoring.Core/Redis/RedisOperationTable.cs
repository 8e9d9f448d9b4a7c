using System.Collections.Concurrent;
using Monitoring.Latency;

namespace Monitoring.Redis;

/// <summary>
/// The recorders by command, 1,024 at most: the others share one named <c>OTHER</c>, which is one of them. Names are
/// compared without case, kept in upper case and cut at 64 characters. Thread-safe; looking up a known command is lock-free.
/// </summary>
internal sealed class RedisOperationTable
{
    private const int Limit = 1024;
    private const int LongestName = 64;
    private const string OtherName = "OTHER";

    private readonly SliceClock _clock;
    private readonly RecentRedisOperations _recent;
    private readonly RedisOperationRecorder _other;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, RedisOperationRecorder> _recorders = new(StringComparer.OrdinalIgnoreCase);

    // In the order of their making; replaced as a whole under the lock, read without it.
    private volatile RedisOperationRecorder[] _all;
    private long _overflow;

    public RedisOperationTable(SliceClock clock, RecentRedisOperations recent)
    {
        _clock = clock;
        _recent = recent;
        _other = new RedisOperationRecorder(OtherName, clock, recent);
        _recorders[OtherName] = _other;
        _all = [_other];
    }

    public IReadOnlyList<RedisOperationRecorder> All => _all;

    public long Overflow => Volatile.Read(ref _overflow);

    public RedisOperationRecorder Get(string? operation)
    {
        if (string.IsNullOrEmpty(operation))
        {
            return _other;
        }

        if (operation.Length > LongestName)
        {
            operation = operation[..LongestName];
        }

        return _recorders.TryGetValue(operation, out var recorder) ? recorder : Add(operation);
    }

    private RedisOperationRecorder Add(string operation)
    {
        if (_all.Length >= Limit)
        {
            Interlocked.Increment(ref _overflow);
            return _other;
        }

        lock (_lock)
        {
            if (_recorders.TryGetValue(operation, out var recorder))
            {
                return recorder;
            }

            if (_all.Length >= Limit)
            {
                Interlocked.Increment(ref _overflow);
                return _other;
            }

            recorder = new RedisOperationRecorder(operation.ToUpperInvariant(), _clock, _recent);
            _all = [.. _all, recorder];
            _recorders[operation] = recorder;
            return recorder;
        }
    }
}
