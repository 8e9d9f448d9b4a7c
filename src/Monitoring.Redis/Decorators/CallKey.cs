using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>The key that a command is about: its first. Null where there is none; never throws.</summary>
internal static class CallKey
{
    public static RedisKey Of(RedisKey key) => key;

    public static RedisKey Of(RedisKey? key) => key.GetValueOrDefault();

    public static RedisKey Of(RedisKey[]? keys) => keys is { Length: > 0 } ? keys[0] : default;

    public static RedisKey Of(KeyValuePair<RedisKey, RedisValue>[]? pairs) => pairs is { Length: > 0 } ? pairs[0].Key : default;

    public static RedisKey Of(StreamPosition[]? streams) => streams is { Length: > 0 } ? streams[0].Key : default;

    /// <summary>The same of an argument whose type is known at run time only.</summary>
    public static RedisKey OfBoxed(object? argument) => argument switch
    {
        RedisKey key => key,
        RedisKey[] keys => Of(keys),
        KeyValuePair<RedisKey, RedisValue>[] pairs => Of(pairs),
        StreamPosition[] streams => Of(streams),
        _ => default,
    };
}
