using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Monitoring;
using Monitoring.DependencyInjection;
using Monitoring.Requests;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Records the marked methods of services.</summary>
public static class OperationBuilderExtensions
{
    /// <summary>
    /// Puts a proxy in front of a service that is registered already, which records each call of a method with
    /// <see cref="MonitorOperationAttribute"/> as an operation, from the call to the end of the task that it returns. Lifetime and disposal of
    /// the service stay as they are. A marked call costs the proxy's reflection and an activity, about a microsecond: meant for what takes longer.
    /// </summary>
    /// <typeparam name="TService">The interface that the service is registered as. The attribute may be on its methods, or on those of the class.</typeparam>
    /// <param name="builder">The monitor.</param>
    /// <exception cref="InvalidOperationException">It is no interface, or nothing is registered as it yet, or nothing of it is marked.</exception>
    [RequiresDynamicCode("Makes a proxy at run time; use BeginOperation where there is no dynamic code.")]
    [RequiresUnreferencedCode("Reads the attributes of the service's methods.")]
    public static IMonitoringBuilder MonitorOperations<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TService>(this IMonitoringBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!typeof(TService).IsInterface)
        {
            throw new InvalidOperationException($"{typeof(TService)} is no interface; only calls that go through one can be recorded.");
        }

        var services = builder.Services;
        var found = false;
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: false } descriptor && descriptor.ServiceType == typeof(TService))
            {
                services[i] = Decorate<TService>(services, descriptor);
                found = true;
            }
        }

        return found ? builder : throw new InvalidOperationException($"Nothing is registered as {typeof(TService)}; register the service before MonitorOperations.");
    }

    // The service itself stays with the container, under a key that nobody else has: it makes it, and disposes of it.
    [RequiresDynamicCode("Makes a proxy at run time.")]
    [RequiresUnreferencedCode("Reads the attributes of the service's methods.")]
    private static ServiceDescriptor Decorate<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TService>(IServiceCollection services, ServiceDescriptor descriptor)
        where TService : class
    {
        var key = new object();
        services.Add(
            descriptor.ImplementationInstance is { } instance ? new ServiceDescriptor(typeof(TService), key, instance)
            : descriptor.ImplementationFactory is { } factory ? new ServiceDescriptor(typeof(TService), key, (provider, _) => factory(provider), descriptor.Lifetime)
            : new ServiceDescriptor(typeof(TService), key, descriptor.ImplementationType!, descriptor.Lifetime));
        return new ServiceDescriptor(
            typeof(TService),
            provider => Wrap(provider.GetRequiredKeyedService<TService>(key), provider.GetRequiredService<IPerformanceMonitor>().Requests),
            descriptor.Lifetime);
    }

    [RequiresDynamicCode("Makes a proxy at run time.")]
    [RequiresUnreferencedCode("Reads the attributes of the service's methods.")]
    private static TService Wrap<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TService>(TService target, RequestMonitor monitor)
        where TService : class
    {
        var plan = OperationPlan.For(typeof(TService), target.GetType());
        if (plan.IsEmpty)
        {
            throw new InvalidOperationException($"No method of {typeof(TService)} or {target.GetType()} has [MonitorOperation].");
        }

        var proxy = DispatchProxy.Create<TService, OperationProxy>();
        ((OperationProxy)(object)proxy).Attach(target, monitor, plan);
        return proxy;
    }
}
