using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

/// <summary>Serves the asynchronous commands of the script by their synchronous twins.</summary>
public class SynchronousTwin : DispatchProxy
{
    private IDatabase _database = null!;

    public static IDatabaseAsync Of(IDatabase database)
    {
        var twin = Create<IDatabaseAsync, SynchronousTwin>();
        ((SynchronousTwin)(object)twin)._database = database;
        return twin;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var asynchronous = targetMethod!;
        var name = asynchronous.Name[..^"Async".Length];
        Type[] parameters = [.. asynchronous.GetParameters().Select(static p => p.ParameterType)];
        var synchronous = typeof(IDatabase).GetMethod(name, parameters) ?? typeof(IRedis).GetMethod(name, parameters);
        if (synchronous is null)
        {
            return asynchronous.Invoke(_database, BindingFlags.DoNotWrapExceptions, null, args, null);
        }

        return Finished(synchronous.Invoke(_database, BindingFlags.DoNotWrapExceptions, null, args, null), synchronous.ReturnType);
    }

    private static object Finished(object? result, Type type) => type == typeof(void)
        ? Task.CompletedTask
        : typeof(Task).GetMethod(nameof(Task.FromResult))!.MakeGenericMethod(type).Invoke(null, [result])!;
}

/// <summary>Sends the commands of the script without waiting for an answer.</summary>
public class ForgetfulTwin : DispatchProxy
{
    private IDatabaseAsync _database = null!;

    public static IDatabaseAsync Of(IDatabaseAsync database)
    {
        var twin = Create<IDatabaseAsync, ForgetfulTwin>();
        ((ForgetfulTwin)(object)twin)._database = database;
        return twin;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var arguments = args ?? [];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = arguments[i] is CommandFlags flags ? flags | CommandFlags.FireAndForget : arguments[i];
        }

        return targetMethod!.Invoke(_database, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }
}
