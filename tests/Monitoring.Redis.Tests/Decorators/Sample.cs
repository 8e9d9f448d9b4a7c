using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>A value of any type that the client's interfaces mention, different from its default where that is possible.</summary>
internal static class Sample
{
    public static object? Of(Type type)
    {
        if (type.IsByRef || type == typeof(void))
        {
            return null;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying);
        }

        if (type.IsArray)
        {
            return Array.CreateInstance(type.GetElementType()!, 1);
        }

        return Known(type) ?? Made(type);
    }

    public static object? TaskOf(Type result, Func<Type, object?> value) =>
        typeof(Task).GetMethod(nameof(Task.FromResult))!.MakeGenericMethod(result).Invoke(null, [value(result)]);

    private static object? Known(Type type) =>
        type == typeof(CommandFlags) ? CommandFlags.PreferReplica
        : type == typeof(string) ? "text"
        : type == typeof(int) ? 7
        : type == typeof(long) ? 8L
        : type == typeof(double) ? 9.5
        : type == typeof(bool) ? true
        : type == typeof(RedisKey) ? (RedisKey)"key"
        : type == typeof(RedisValue) ? (RedisValue)"value"
        : type == typeof(RedisChannel) ? RedisChannel.Literal("channel")
        : type == typeof(TextWriter) ? TextWriter.Null
        : type == typeof(Stream) ? Stream.Null
        : type == typeof(EndPoint) ? new IPEndPoint(IPAddress.Loopback, 6379)
        : type == typeof(IPAddress) ? IPAddress.Loopback
        : type == typeof(Condition) ? Condition.KeyExists("key")
        : type == typeof(GeoSearchShape) ? new GeoSearchCircle(1)
        : type == typeof(Task) ? Task.FromResult(1)
        : type == typeof(ICollection<object>) ? new object[] { "argument" }
        : null;

    private static object? Made(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            return TaskOf(type.GetGenericArguments()[0], Of);
        }

        if (type.IsValueType)
        {
            return type.IsEnum ? Enum.GetValues(type).GetValue(0) : Activator.CreateInstance(type);
        }

        return type.IsAbstract || type.IsInterface || typeof(Delegate).IsAssignableFrom(type) ? null : RuntimeHelpers.GetUninitializedObject(type);
    }

    public static IEnumerable<MethodInfo> MethodsOf(Type type) =>
        type.GetInterfaces().Prepend(type)
            .SelectMany(static i => i.GetMethods())
            .Where(static m => m.IsAbstract && !m.Name.StartsWith("add_", StringComparison.Ordinal) && !m.Name.StartsWith("remove_", StringComparison.Ordinal))
            .Select(static m => m.IsGenericMethodDefinition ? m.MakeGenericMethod(typeof(int)) : m);
}
