using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Where a member that sends a command has what the funnel wants to know of it, for the dynamic decorator.</summary>
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

    public CommandPlan(MethodInfo method, Func<object?[], CommandId> command)
    {
        Method = method;
        Command = command;
        var types = Array.ConvertAll(method.GetParameters(), static p => p.ParameterType);
        _flags = Array.IndexOf(types, typeof(CommandFlags));
        _key = Array.FindIndex(types, static t => KeyTypes.Contains(t));
        _values = [.. Enumerable.Range(0, types.Length).Where(i => ValueTypes.Contains(types[i]))];
    }

    public MethodInfo Method { get; }

    public Func<object?[], CommandId> Command { get; }

    /// <summary>Whether it sends values.</summary>
    public bool Sends => _values.Length > 0;

    public CommandFlags FlagsOf(object?[] arguments) => _flags < 0 ? CommandFlags.None : (CommandFlags)arguments[_flags]!;

    public RedisKey KeyOf(object?[] arguments) => _key < 0 ? default : CallKey.OfBoxed(arguments[_key]);

    public long SizeOf(object?[] arguments) => _values.Sum(i => PayloadSize.OfBoxed(arguments[i]) ?? 0);
}
