using System.Reflection;

namespace Monitoring.Requests;

/// <summary>Stands in front of a service and records the calls of its marked methods; hands all others through. Thread-safe.</summary>
internal class OperationProxy : DispatchProxy
{
    private object _target = null!;
    private RequestMonitor _monitor = null!;
    private OperationPlan _plan = null!;

    public void Attach(object target, RequestMonitor monitor, OperationPlan plan) => (_target, _monitor, _plan) = (target, monitor, plan);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        return _plan.Find(targetMethod) is { } method
            ? method.Run(_monitor, new OperationCall(_target, targetMethod, args))
            : new OperationCall(_target, targetMethod, args).Invoke();
    }
}

/// <summary>A call that was made of a proxy.</summary>
internal readonly record struct OperationCall(object Target, MethodInfo Method, object?[]? Arguments)
{
    /// <summary>Makes it of the service itself; an exception comes out as it is.</summary>
    public object? Invoke() => Method.Invoke(Target, BindingFlags.DoNotWrapExceptions, null, Arguments, null);
}
