using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Where a member that sends a command has what the funnel wants to know of it, for the dynamic decorator.</summary>
[RequiresDynamicCode("Belongs to a dynamic decorator.")]
[RequiresUnreferencedCode("Belongs to a dynamic decorator.")]
internal sealed class CommandPlan
{
    // As the generator knows them; see DecoratorEmitter.
    private static readonly Type[] KeyTypes =
        [typeof(RedisKey), typeof(RedisKey?), typeof(RedisKey[]), typeof(KeyValuePair<RedisKey, RedisValue>[]), typeof(StreamPosition[])];

    private static readonly Type[] ValueTypes =
        [typeof(RedisValue), typeof(RedisValue[]), typeof(HashEntry[]), typeof(SortedSetEntry[]), typeof(NameValueEntry[]), typeof(KeyValuePair<RedisKey, RedisValue>[])];

    private readonly int _flags;
    private readonly int _key;
    private readonly int[] _values;
    private readonly int _published;

    public CommandPlan(MethodInfo method, Func<object?[], CommandId> command)
    {
        Method = method;
        Command = command;
        var types = Array.ConvertAll(method.GetParameters(), static p => p.ParameterType);
        _flags = Array.IndexOf(types, typeof(CommandFlags));
        _published = method.Name is "Publish" or "PublishAsync" ? Array.IndexOf(types, typeof(RedisChannel)) : -1;
        _key = Array.FindIndex(types, static t => KeyTypes.Contains(t));
        _values = [.. Enumerable.Range(0, types.Length).Where(i => ValueTypes.Contains(types[i]))];
    }

    public MethodInfo Method { get; }

    public Func<object?[], CommandId> Command { get; }

    /// <summary>Whether it sends values.</summary>
    public bool Sends => _values.Length > 0;

    /// <summary>Calls the inner member, and counts a message that it took.</summary>
    public object? Send(ProxyTarget target, object?[] arguments)
    {
        var result = target.Forward(Method, arguments);
        Published(target, arguments)?.Invoke();
        return result;
    }

    /// <summary>What counts the message that the call publishes; null when it publishes none.</summary>
    public Action? Published(ProxyTarget target, object?[] arguments) =>
        _published < 0 ? null : () => target.Funnel.PubSub.Published((RedisChannel)arguments[_published]!);

    public CommandFlags FlagsOf(object?[] arguments) => _flags < 0 ? CommandFlags.None : (CommandFlags)arguments[_flags]!;

    public RedisKey KeyOf(object?[] arguments) => _key < 0 ? default : CallKey.OfBoxed(arguments[_key]);

    public long SizeOf(object?[] arguments) => _values.Sum(i => PayloadSize.OfBoxed(arguments[i]) ?? 0);
}
