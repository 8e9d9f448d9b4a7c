using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Monitoring.Redis.Decorators;

/// <summary>Relays the events of a dynamic decorator, one relay for each event of each inner object.</summary>
[RequiresDynamicCode("Makes generic methods at run time.")]
[RequiresUnreferencedCode("Finds members by reflection.")]
internal static class ProxyEvents
{
    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<string, object>> Relays = [];

    /// <summary>How an event accessor is served; null when the member is none.</summary>
    public static ProxyCall? Plan(MethodInfo accessor)
    {
        var separator = accessor.Name.IndexOf('_');
        var name = accessor.Name[(separator + 1)..];
        var @event = accessor.Name.StartsWith("add_", StringComparison.Ordinal) || accessor.Name.StartsWith("remove_", StringComparison.Ordinal)
            ? accessor.DeclaringType!.GetEvent(name)
            : null;
        return @event is null
            ? null
            : typeof(ProxyEvents).GetMethod(nameof(PlanFor), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(@event.EventHandlerType!.GetGenericArguments()[0])
                .Invoke(null, [@event, accessor.Name[0] == 'a']) as ProxyCall;
    }

    private static ProxyCall PlanFor<TArguments>(EventInfo @event, bool adds) => (target, arguments) =>
    {
        var relay = (EventRelay<TArguments>)Relays.GetValue(target, static _ => [])
            .GetOrAdd(@event.Name, static (_, s) => s.MakeRelay(), new Relayed<TArguments>(@event, target));
        var handler = (EventHandler<TArguments>?)arguments[0];
        if (adds)
        {
            relay.Add(handler);
        }
        else
        {
            relay.Remove(handler);
        }

        return null;
    };

    [RequiresDynamicCode("Belongs to a dynamic decorator.")]
    [RequiresUnreferencedCode("Belongs to a dynamic decorator.")]
    private sealed record Relayed<TArguments>(EventInfo Event, ProxyTarget Target)
    {
        public EventRelay<TArguments> MakeRelay() => new(
            Target.Factory.Multiplexer,
            handler => Event.AddEventHandler(Target.Inner, handler),
            handler => Event.RemoveEventHandler(Target.Inner, handler));
    }
}
