using Microsoft.Extensions.DependencyInjection;
using Monitoring.Services;

namespace Monitoring.DependencyInjection;

/// <summary>A probe that the host has registered; its options are valid.</summary>
internal sealed record ServiceProbeRegistration(string Name, string Kind, Func<IServiceProvider, ServiceProbe> Make, ServiceProbeOptions Options)
{
    /// <summary>Adds a registration.</summary>
    /// <exception cref="ArgumentException">The name is empty or too long, or a probe has it.</exception>
    public static void Register(IServiceCollection services, ServiceProbeRegistration registration)
    {
        ServiceMonitor.CheckName(registration.Name);
        registration.Options.Validate(registration.Name);
        if (services.Any(known => known.ServiceType == typeof(ServiceProbeRegistration) && ((ServiceProbeRegistration)known.ImplementationInstance!).Name == registration.Name))
        {
            throw new ArgumentException($"There is a service named '{registration.Name}' already.", nameof(registration));
        }

        services.AddSingleton(registration);
    }

    /// <summary>Has a new monitor watch what was registered.</summary>
    public static void AddAll(ServiceMonitor monitor, IServiceProvider provider)
    {
        monitor.Provider = provider;
        foreach (var registration in provider.GetServices<ServiceProbeRegistration>())
        {
            monitor.Add(registration.Name, registration.Kind, registration.Make(provider), registration.Options);
        }
    }
}
