using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Tells from a reply whether a read found something. Allocates nothing; a hit costs a comparison.</summary>
internal static class LookupReply
{
    /// <summary>Counts what came of a read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Count<TResult>(RedisLookups lookups, TResult reply)
    {
        // The types are known when the code is compiled for them: one comparison is left for each, and no value is boxed.
        if (typeof(TResult) == typeof(RedisValue))
        {
            Count(lookups, Unsafe.As<TResult, RedisValue>(ref reply).IsNull);
        }
        else if (typeof(TResult) == typeof(RedisValueWithExpiry))
        {
            Count(lookups, Unsafe.As<TResult, RedisValueWithExpiry>(ref reply).Value.IsNull);
        }
        else if (typeof(TResult).IsValueType)
        {
            lookups.Unknown();
        }
        else
        {
            CountObject(lookups, reply);
        }
    }

    /// <summary>The same of the task of a read, which has completed well; one without a result tells nothing.</summary>
    public static void Count<TResult>(RedisLookups lookups, Task task)
    {
        if (task is Task<TResult> typed)
        {
            // It has its result: nothing is waited for.
            Count(lookups, typed.GetAwaiter().GetResult());
        }
        else
        {
            lookups.Unknown();
        }
    }

    private static void Count(RedisLookups lookups, bool isMiss)
    {
        if (isMiss)
        {
            lookups.Missed();
        }
    }

    private static void CountObject(RedisLookups lookups, object? reply)
    {
        switch (reply)
        {
            case null:
                lookups.Missed();
                break;
            case RedisValue[] values:
                CountMany(lookups, values.Length, CountNulls(values));
                break;
            case Lease<byte> or string:
                break;
            case RedisValue value:
                Count(lookups, value.IsNull);
                break;
            case RedisValueWithExpiry value:
                Count(lookups, value.Value.IsNull);
                break;
            case RedisResult { IsNull: true }:
                lookups.Missed();
                break;
            case RedisResult { Resp2Type: ResultType.Array } many:
                CountMany(lookups, many.Length, Enumerable.Range(0, many.Length).Count(i => many[i].IsNull));
                break;
            case RedisResult:
                break;
            default:
                lookups.Unknown();
                break;
        }
    }

    private static int CountNulls(RedisValue[] values)
    {
        var nulls = 0;
        foreach (ref readonly var value in values.AsSpan())
        {
            nulls += value.IsNull ? 1 : 0;
        }

        return nulls;
    }

    private static void CountMany(RedisLookups lookups, int count, int misses)
    {
        if (lookups.CountsKeys)
        {
            lookups.Add(count - misses, misses);
        }
        else
        {
            Count(lookups, misses == count);
        }
    }
}
