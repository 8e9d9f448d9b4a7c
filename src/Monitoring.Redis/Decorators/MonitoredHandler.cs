using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// Stands between the client and one handler of messages. What the handler throws is counted and goes on to the client,
/// which does with it what it would have done. The fields never change.
/// </summary>
internal sealed class MonitoredHandler
{
    private readonly ChannelRecorders _recorders;

    // A pattern's messages come from many channels; those of a literal channel from that one.
    private readonly RedisChannelRecorder? _recorder;

    public MonitoredHandler(RedisChannel channel, Action<RedisChannel, RedisValue> handler, ChannelRecorders recorders)
    {
        Channel = channel;
        Handler = handler;
        Invocation = Invoke;
        _recorders = recorders;
        _recorder = channel.IsPattern ? null : recorders[channel];
    }

    /// <summary>What was subscribed to.</summary>
    public RedisChannel Channel { get; }

    /// <summary>The application's handler; never one of several targets.</summary>
    public Action<RedisChannel, RedisValue> Handler { get; }

    /// <summary>What the client calls instead.</summary>
    public Action<RedisChannel, RedisValue> Invocation { get; }

    public bool IsFor(RedisChannel channel, Action<RedisChannel, RedisValue> handler) => Handler.Equals(handler) && Channel == channel;

    private void Invoke(RedisChannel channel, RedisValue message)
    {
        var recorder = _recorder ?? _recorders[channel];
        var start = recorder.Received();
        try
        {
            Handler(channel, message);
        }
        catch (Exception exception)
        {
            recorder.Handled(start, exception);
            throw;
        }

        recorder.Handled(start, thrown: null);
    }
}
