using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// The recorder of each channel, remembered by the channel itself so that a message costs neither its name as text nor the
/// name's pattern. Remembers 1,024 channels; for others both are computed each time. Thread-safe, lock-free.
/// </summary>
internal sealed class ChannelRecorders(RedisMonitor monitor)
{
    private const int Limit = 1024;

    private readonly ConcurrentDictionary<RedisChannel, RedisChannelRecorder> _known = [];
    private int _count;

    public RedisChannelRecorder this[RedisChannel channel] => _known.TryGetValue(channel, out var recorder) ? recorder : Find(channel);

    /// <summary>A message on that channel was handed to the client.</summary>
    public void Published(RedisChannel channel)
    {
        // The client refuses a null channel by itself.
        if (!channel.IsNullOrEmpty)
        {
            this[channel].Published();
        }
    }

    private RedisChannelRecorder Find(RedisChannel channel)
    {
        RedisChannelRecorder recorder;
        try
        {
            recorder = monitor.Channels.Get((string?)channel);
        }
        catch (Exception own)
        {
            monitor.Errors.Report("redis-recording", own);
            return monitor.Channels.Get(null);
        }

        // Racing threads may exceed the limit by as many as they are.
        if (Volatile.Read(ref _count) < Limit && _known.TryAdd(channel, recorder))
        {
            Interlocked.Increment(ref _count);
        }

        return recorder;
    }
}
