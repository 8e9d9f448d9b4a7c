using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>What a dynamic decorator stands for: the inner object and all that its calls need.</summary>
[RequiresDynamicCode("Makes generic methods and proxies at run time.")]
[RequiresUnreferencedCode("Finds members by reflection.")]
internal sealed class ProxyTarget(object inner, ProxyFactory factory, RedisFunnel funnel, object? asyncState, Pipeline? pipeline = null)
{
    public object Inner { get; } = inner;

    public ProxyFactory Factory { get; } = factory;

    /// <summary>What its commands go through.</summary>
    public RedisFunnel Funnel { get; } = funnel;

    public object? AsyncState { get; } = asyncState;

    /// <summary>Of a batch or transaction; null for anything that sends at once.</summary>
    public Pipeline? Pipeline { get; } = pipeline;

    /// <summary>Decides how a member is served.</summary>
    public ProxyCall Plan(MethodInfo method)
    {
        if (method.IsSpecialName && ProxyEvents.Plan(method) is { } accessor)
        {
            return accessor;
        }

        if (method.Name == "get_Multiplexer")
        {
            return static (target, _) => target.Factory.Multiplexer;
        }

        if (Pipeline is not null && method.Name.StartsWith("Execute", StringComparison.Ordinal) && !method.GetParameters().Any(static p => p.ParameterType == typeof(string)))
        {
            return PlanExecute(method);
        }

        if (method.Name is nameof(IDisposable.Dispose) or nameof(IAsyncDisposable.DisposeAsync))
        {
            return (target, arguments) =>
            {
                target.Factory.Connection.Dispose();
                var owns = target.Factory.Connection.OwnsInner;
                return owns ? target.Forward(method, arguments) : method.ReturnType == typeof(ValueTask) ? ValueTask.CompletedTask : null;
            };
        }

        return ProxyPubSub.Plan(method, ProxyCommand.Plan(method, Pipeline is not null) ?? PlanForward(method));
    }

    /// <summary>Calls the inner member; its exceptions come out as they are.</summary>
    public object? Forward(MethodInfo method, object?[] arguments) =>
        method.Invoke(Inner, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

    // What is handed out must be monitored too.
    private static ProxyCall PlanForward(MethodInfo method) =>
        (target, arguments) => target.Factory.Wrap(target.Forward(method, arguments), method, arguments, target);

    private static ProxyCall PlanExecute(MethodInfo method)
    {
        if (method.ReturnType == typeof(void))
        {
            return (target, arguments) =>
            {
                if (target.Inner is ITransaction)
                {
                    // Unlike a batch's, a transaction's waits.
                    target.Pipeline!.Execute(() => target.Forward(method, arguments) is null);
                    return null;
                }

                target.Pipeline!.Execute(() => { target.Forward(method, arguments); });
                return null;
            };
        }

        return method.ReturnType == typeof(bool)
            ? (target, arguments) => target.Pipeline!.Execute(() => (bool)target.Forward(method, arguments)!)
            : (target, arguments) => target.Pipeline!.ExecuteAsync(() => (Task<bool>)target.Forward(method, arguments)!);
    }
}
