using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Monitoring.Requests;

/// <summary>Which methods of a service are recorded, for one class that implements it. Immutable.</summary>
internal sealed class OperationPlan
{
    private static readonly ConcurrentDictionary<(Type Service, Type Implementation), OperationPlan> Plans = new();

    private readonly Dictionary<MethodInfo, OperationMethod> _methods = [];

    [RequiresDynamicCode("Reads attributes of methods and makes generic methods.")]
    [RequiresUnreferencedCode("Reads attributes of methods and makes generic methods.")]
    private OperationPlan(Type service, Type implementation)
    {
        foreach (var type in (IEnumerable<Type>)[service, .. service.GetInterfaces()])
        {
            var map = implementation.GetInterfaceMap(type);
            for (var i = 0; i < map.InterfaceMethods.Length; i++)
            {
                var method = map.InterfaceMethods[i];
                if ((map.TargetMethods[i].GetCustomAttribute<MonitorOperationAttribute>() ?? method.GetCustomAttribute<MonitorOperationAttribute>()) is { } attribute)
                {
                    _methods[method] = new OperationMethod(attribute.Name ?? $"{service.Name}.{method.Name}", method);
                }
            }
        }
    }

    /// <summary>Whether nothing is recorded.</summary>
    public bool IsEmpty => _methods.Count == 0;

    /// <summary>The plan; made once for each pair of types.</summary>
    [RequiresDynamicCode("Reads attributes of methods and makes generic methods.")]
    [RequiresUnreferencedCode("Reads attributes of methods and makes generic methods.")]
    public static OperationPlan For(Type service, Type implementation)
    {
        if (!Plans.TryGetValue((service, implementation), out var plan))
        {
            plan = Plans[(service, implementation)] = new OperationPlan(service, implementation);
        }

        return plan;
    }

    /// <summary>How a method is recorded; null for one that is not.</summary>
    public OperationMethod? Find(MethodInfo method) =>
        _methods.GetValueOrDefault(method.IsGenericMethod ? method.GetGenericMethodDefinition() : method);
}
