using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Has the dynamic decorator measure the handlers of messages, as the compiled one does.</summary>
[RequiresDynamicCode("Belongs to a dynamic decorator.")]
[RequiresUnreferencedCode("Belongs to a dynamic decorator.")]
internal static class ProxyPubSub
{
    /// <summary>The call with its handler replaced; the call itself where it has none.</summary>
    public static ProxyCall Plan(MethodInfo method, ProxyCall call)
    {
        var types = Array.ConvertAll(method.GetParameters(), static p => p.ParameterType);
        var (channel, handler) = (Array.IndexOf(types, typeof(RedisChannel)), Array.IndexOf(types, typeof(Action<RedisChannel, RedisValue>)));
        return method.Name switch
        {
            _ when channel < 0 => call,
            "Subscribe" or "SubscribeAsync" when handler >= 0 => Replace(call, channel, handler, static (handlers, c, h) => handlers.Wrap(c, h)),
            "Unsubscribe" or "UnsubscribeAsync" when handler >= 0 => Replace(call, channel, handler, static (handlers, c, h) => handlers.Find(c, h)),
            _ => call,
        };
    }

    private static ProxyCall Replace(
        ProxyCall call, int channel, int handler, Func<MonitoredHandlers, RedisChannel, Action<RedisChannel, RedisValue>?, Action<RedisChannel, RedisValue>?> replace) =>
        (target, arguments) =>
        {
            // The caller's own array may be used again.
            object?[] replaced = [.. arguments];
            replaced[handler] = replace(target.Funnel.PubSub.Handlers, (RedisChannel)arguments[channel]!, (Action<RedisChannel, RedisValue>?)arguments[handler]);
            return call(target, replaced);
        };
}
