using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// Finds for a handler the one wrapper that the client knows it by, for all subscribers of one multiplexer. Thread-safe.
/// </summary>
/// <remarks>
/// <para>The client keeps its handlers as one delegate for each channel, adds with <c>+=</c> and removes with <c>-=</c>,
/// which compares targets. As long as the client holds the wrapper of a handler it must therefore be the same object for
/// equal handlers; then adding one twice, removing it once, removing all and removing one that was never added mean to
/// the client exactly what they meant without us, whatever races with whatever.</para>
/// <para>Wrappers are held weakly here. Whoever is subscribed is held by the client; nothing is left of the others, however
/// they were removed: by a handler, with the channel, with all channels, or with the multiplexer.</para>
/// </remarks>
internal sealed class MonitoredHandlers(ChannelRecorders recorders)
{
    private const int FirstSweep = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, List<WeakReference<MonitoredHandler>>> _wrappers = [];
    private int _count;
    private int _sweepAt = FirstSweep;

    /// <summary>How many wrappers are remembered, some of which may be gone.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>What to subscribe in place of <paramref name="handler"/>; null for null.</summary>
    public Action<RedisChannel, RedisValue>? Wrap(RedisChannel channel, Action<RedisChannel, RedisValue>? handler) =>
        Replace(channel, handler, (c, h) => GetOrAdd(c, h).Invocation);

    /// <summary>What to unsubscribe in place of <paramref name="handler"/>: one that was not wrapped, because it was subscribed elsewhere, is itself.</summary>
    public Action<RedisChannel, RedisValue>? Find(RedisChannel channel, Action<RedisChannel, RedisValue>? handler) =>
        Replace(channel, handler, (c, h) => TryGet(c, h)?.Invocation ?? h);

    // A handler of several targets is as many handlers to the client, which runs each apart and may remove a part of them.
    private static Action<RedisChannel, RedisValue>? Replace(
        RedisChannel channel, Action<RedisChannel, RedisValue>? handler, Func<RedisChannel, Action<RedisChannel, RedisValue>, Action<RedisChannel, RedisValue>> replace)
    {
        if (handler is null || channel.IsNullOrEmpty)
        {
            return handler;
        }

        Action<RedisChannel, RedisValue>? replaced = null;
        foreach (var target in Delegate.EnumerateInvocationList(handler))
        {
            replaced += replace(channel, target);
        }

        return replaced;
    }

    private MonitoredHandler GetOrAdd(RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        lock (_lock)
        {
            if (FindUnderLock(channel, handler) is { } known)
            {
                return known;
            }

            SweepUnderLock();
            var added = new MonitoredHandler(channel, handler, recorders);
            var hash = HashOf(channel, handler);
            if (!_wrappers.TryGetValue(hash, out var bucket))
            {
                _wrappers[hash] = bucket = [];
            }

            bucket.Add(new WeakReference<MonitoredHandler>(added));
            _count++;
            return added;
        }
    }

    private MonitoredHandler? TryGet(RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        lock (_lock)
        {
            return FindUnderLock(channel, handler);
        }
    }

    private MonitoredHandler? FindUnderLock(RedisChannel channel, Action<RedisChannel, RedisValue> handler)
    {
        foreach (var reference in _wrappers.GetValueOrDefault(HashOf(channel, handler)) ?? [])
        {
            if (reference.TryGetTarget(out var wrapper) && wrapper.IsFor(channel, handler))
            {
                return wrapper;
            }
        }

        return null;
    }

    // Each time as many were added as were left by the sweep before, so that adding stays cheap and the dead are fewer than
    // the living and a few.
    private void SweepUnderLock()
    {
        if (_count < _sweepAt)
        {
            return;
        }

        _count = 0;
        foreach (var (hash, bucket) in _wrappers)
        {
            bucket.RemoveAll(static reference => !reference.TryGetTarget(out _));
            _count += bucket.Count;
            if (bucket.Count == 0)
            {
                _wrappers.Remove(hash);
            }
        }

        _sweepAt = Math.Max(FirstSweep, _count * 2);
    }

    private static int HashOf(RedisChannel channel, Action<RedisChannel, RedisValue> handler) => HashCode.Combine(channel, handler);
}
