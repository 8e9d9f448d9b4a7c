using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// Compares the interfaces of the StackExchange.Redis that is loaded with those that the decorators were compiled for,
/// without touching a decorator: loading a class that lacks a member of its interface throws TypeLoadException.
/// </summary>
internal static partial class CompiledMembers
{
    /// <summary>A member that the compiled decorators lack, or null when they are complete.</summary>
    public static string? FindMissing() =>
        Missing(typeof(IConnectionMultiplexer)) ?? Missing(typeof(IDatabase)) ?? Missing(typeof(IDatabaseAsync))
        ?? Missing(typeof(IServer)) ?? Missing(typeof(ISubscriber)) ?? Missing(typeof(IBatch)) ?? Missing(typeof(ITransaction))
        ?? Missing(typeof(IRedis)) ?? Missing(typeof(IRedisAsync));

    /// <summary>Whether the decorators implement a member of that signature.</summary>
    public static bool Contains(string signature) => Hashes.BinarySearch(Hash(signature)) >= 0;

    // Trimming may remove members that nobody calls; only what is there and unknown counts.
    private static string? Missing([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.Interfaces)] Type type) =>
        type.GetMethods(BindingFlags.Instance | BindingFlags.Public)
            .Where(static m => m.IsAbstract)
            .Select(MemberSignature.Of)
            .FirstOrDefault(static s => !Contains(s))
        ?? type.GetInterfaces()
            .Where(i => i.Assembly == type.Assembly && !IsKnown(i))
            .Select(static i => i.Name)
            .FirstOrDefault();

    private static bool IsKnown(Type type) =>
        type == typeof(IRedis) || type == typeof(IRedisAsync) || type == typeof(IDatabaseAsync) || type == typeof(IBatch);

    // FNV-1a, as the generator computed it.
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return hash;
    }
}
