using System.Runtime.CompilerServices;
using System.Text;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// Size in bytes of what was sent and received, where adding up what is there tells it; the protocol around the values
/// does not count, and neither do scores. Allocates nothing.
/// </summary>
internal static class PayloadSize
{
    public static long Of(RedisValue value) => value.GetLongByteCount();

    public static long Of(RedisValue[]? values)
    {
        var sum = 0L;
        foreach (ref readonly var value in values.AsSpan())
        {
            sum += value.GetLongByteCount();
        }

        return sum;
    }

    public static long Of(HashEntry[]? entries)
    {
        var sum = 0L;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            sum += entry.Name.GetLongByteCount() + entry.Value.GetLongByteCount();
        }

        return sum;
    }

    public static long Of(NameValueEntry[]? entries)
    {
        var sum = 0L;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            sum += entry.Name.GetLongByteCount() + entry.Value.GetLongByteCount();
        }

        return sum;
    }

    public static long Of(SortedSetEntry[]? entries)
    {
        var sum = 0L;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            sum += entry.Element.GetLongByteCount();
        }

        return sum;
    }

    public static long Of(KeyValuePair<RedisKey, RedisValue>[]? pairs)
    {
        var sum = 0L;
        foreach (ref readonly var pair in pairs.AsSpan())
        {
            sum += pair.Value.GetLongByteCount();
        }

        return sum;
    }

    /// <summary>Size of a reply; null when nobody can tell without measuring what the client made of it.</summary>
    public static long? OfReply<T>(T reply)
    {
        // Spelled so that no value is boxed, in code that is not optimised yet either.
        if (typeof(T) == typeof(RedisValue))
        {
            return Of(Unsafe.As<T, RedisValue>(ref reply));
        }

        if (typeof(T) == typeof(RedisValueWithExpiry))
        {
            return Of(Unsafe.As<T, RedisValueWithExpiry>(ref reply).Value);
        }

        return typeof(T).IsValueType ? null : OfBoxed(reply);
    }

    /// <summary>The same of a value whose type is known at run time only, an argument too.</summary>
    public static long? OfBoxed(object? value) => value switch
    {
        RedisValue one => Of(one),
        RedisValue[] values => Of(values),
        Lease<byte> lease => lease.Length,
        HashEntry[] entries => Of(entries),
        SortedSetEntry[] entries => Of(entries),
        NameValueEntry[] entries => Of(entries),
        KeyValuePair<RedisKey, RedisValue>[] pairs => Of(pairs),
        StreamEntry[] entries => Of(entries),
        RedisStream[] streams => Of(streams),
        RedisValueWithExpiry one => Of(one.Value),
        RedisResult result => Of(result),
        string text => Encoding.UTF8.GetByteCount(text),
        _ => null,
    };

    private static long Of(StreamEntry[]? entries)
    {
        var sum = 0L;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            sum += Of(entry.Values);
        }

        return sum;
    }

    private static long Of(RedisStream[] streams)
    {
        var sum = 0L;
        foreach (ref readonly var stream in streams.AsSpan())
        {
            sum += Of(stream.Entries);
        }

        return sum;
    }

    private static long Of(RedisResult result)
    {
        if (result.IsNull || result.Resp2Type == ResultType.Error)
        {
            return 0;
        }

        if (result.Resp2Type != ResultType.Array)
        {
            return Of((RedisValue)result);
        }

        var sum = 0L;
        for (var i = 0; i < result.Length; i++)
        {
            sum += Of(result[i]);
        }

        return sum;
    }
}
