using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Monitoring.Requests;

/// <summary>
/// Runs a method as an operation, until its task has ended if it returns one. What begins in an async method of ours ends
/// there for the flow: the caller's current activity is its own again when the call returns.
/// </summary>
internal sealed class OperationMethod
{
    private readonly string _name;
    private readonly Func<RequestMonitor, string, OperationCall, object?> _run;

    [RequiresDynamicCode("Makes generic methods.")]
    [RequiresUnreferencedCode("Makes generic methods.")]
    public OperationMethod(string name, MethodInfo method)
    {
        _name = name;
        var result = method.ReturnType;
        _run = result == typeof(Task) ? static (monitor, name, call) => RunTaskAsync(monitor, name, call)
            : result == typeof(ValueTask) ? static (monitor, name, call) => new ValueTask(RunValueTaskAsync(monitor, name, call))
            : IsOf(result, typeof(Task<>)) ? Generic(nameof(RunTaskOfAsync), result)
            : IsOf(result, typeof(ValueTask<>)) ? Generic(nameof(RunValueTaskOf), result)
            : RunSynchronously;
    }

    public object? Run(RequestMonitor monitor, OperationCall call) => _run(monitor, _name, call);

    private static bool IsOf(Type type, Type definition) => type.IsGenericType && !type.ContainsGenericParameters && type.GetGenericTypeDefinition() == definition;

    [RequiresDynamicCode("Makes generic methods.")]
    [RequiresUnreferencedCode("Makes generic methods.")]
    private static Func<RequestMonitor, string, OperationCall, object?> Generic(string runner, Type result) =>
        typeof(OperationMethod).GetMethod(runner, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(result.GetGenericArguments())
            .CreateDelegate<Func<RequestMonitor, string, OperationCall, object?>>();

    private static object? RunSynchronously(RequestMonitor monitor, string name, OperationCall call)
    {
        using var operation = monitor.BeginOperation(name);
        try
        {
            return call.Invoke();
        }
        catch
        {
            operation.Fail();
            throw;
        }
    }

    private static async Task RunTaskAsync(RequestMonitor monitor, string name, OperationCall call)
    {
        using var operation = monitor.BeginOperation(name);
        try
        {
            await ((Task)call.Invoke()!).ConfigureAwait(false);
        }
        catch
        {
            operation.Fail();
            throw;
        }
    }

    private static async Task RunValueTaskAsync(RequestMonitor monitor, string name, OperationCall call)
    {
        using var operation = monitor.BeginOperation(name);
        try
        {
            await ((ValueTask)call.Invoke()!).ConfigureAwait(false);
        }
        catch
        {
            operation.Fail();
            throw;
        }
    }

    private static async Task<T> RunTaskOfAsync<T>(RequestMonitor monitor, string name, OperationCall call)
    {
        using var operation = monitor.BeginOperation(name);
        try
        {
            return await ((Task<T>)call.Invoke()!).ConfigureAwait(false);
        }
        catch
        {
            operation.Fail();
            throw;
        }
    }

    [SuppressMessage("Performance", "CA1859", Justification = "A delegate's result may be another class, but not another struct.")]
    private static object RunValueTaskOf<T>(RequestMonitor monitor, string name, OperationCall call) => new ValueTask<T>(RunValueTaskOfAsync<T>(monitor, name, call));

    private static async Task<T> RunValueTaskOfAsync<T>(RequestMonitor monitor, string name, OperationCall call)
    {
        using var operation = monitor.BeginOperation(name);
        try
        {
            return await ((ValueTask<T>)call.Invoke()!).ConfigureAwait(false);
        }
        catch
        {
            operation.Fail();
            throw;
        }
    }
}
