using System.Reflection;
using System.Reflection.Emit;
using StackExchange.Redis;

namespace Monitoring.Benchmarks.Redis;

/// <summary>An inner multiplexer whose database answers at once, or with <see cref="Reply"/>.</summary>
public static class StubMultiplexer
{
    private static readonly Type DatabaseType = Emit();

    [ThreadStatic]
    private static TaskCompletionSource<RedisValue>? Pending;

    public static IConnectionMultiplexer Make(out IDatabase database)
    {
        var multiplexer = DispatchProxy.Create<IConnectionMultiplexer, Stub>();
        database = ((Stub)(object)multiplexer).Database;
        return multiplexer;
    }

    /// <summary>A new pending reply.</summary>
    public static Task<RedisValue> Reply() => (Pending = new TaskCompletionSource<RedisValue>()).Task;

    public static void Complete() => Pending!.SetResult(RedisValue.Null);

    // A class of its own rather than a proxy: a proxy boxes its arguments, and how much of that the JIT removes differs
    // from caller to caller, so that rows could not be compared.
    private static Type Emit()
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Stubs"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("Stubs")
            .DefineType("StubDatabase", TypeAttributes.Public | TypeAttributes.Sealed, typeof(object), [typeof(IDatabase)]);
        foreach (var member in typeof(IDatabase).GetInterfaces().Prepend(typeof(IDatabase)).SelectMany(static i => i.GetMethods()).Where(static m => m.IsAbstract))
        {
            Implement(type, member);
        }

        return type.CreateType();
    }

    private static void Implement(TypeBuilder type, MethodInfo member)
    {
        var method = type.DefineMethod(
            $"{member.DeclaringType!.Name}.{member.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot | MethodAttributes.HideBySig,
            member.ReturnType,
            [.. member.GetParameters().Select(static p => p.ParameterType)]);
        if (member.IsGenericMethodDefinition)
        {
            method.SetReturnType(method.DefineGenericParameters("T")[0]);
            method.SetParameters(typeof(Task<>).MakeGenericType(method.GetGenericArguments()[0]));
        }

        var il = method.GetILGenerator();
        if (member.Name == nameof(IDatabase.StringGetAsync) && member.ReturnType == typeof(Task<RedisValue>))
        {
            il.Emit(OpCodes.Call, typeof(StubMultiplexer).GetMethod(nameof(Reply))!);
        }
        else if (method.ReturnType != typeof(void))
        {
            il.Emit(OpCodes.Ldloc, il.DeclareLocal(method.ReturnType));
        }

        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(method, member);
    }

    public class Stub : DispatchProxy
    {
        public IDatabase Database { get; } = (IDatabase)Activator.CreateInstance(DatabaseType)!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IConnectionMultiplexer.GetDatabase) => Database,
            nameof(IConnectionMultiplexer.GetEndPoints) => Array.Empty<System.Net.EndPoint>(),
            _ => targetMethod.ReturnType == typeof(bool) ? true : null,
        };
    }
}
