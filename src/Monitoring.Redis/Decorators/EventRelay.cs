namespace Monitoring.Redis.Decorators;

/// <summary>
/// An event of the inner multiplexer, raised with the monitored one as its sender. Each handler is subscribed on its own:
/// the client runs handlers apart, and one that throws must not silence the next. Thread-safe.
/// </summary>
internal sealed class EventRelay<TArguments>(object sender, Action<EventHandler<TArguments>> subscribe, Action<EventHandler<TArguments>> unsubscribe)
{
    private readonly Lock _lock = new();
    private readonly List<(EventHandler<TArguments> Handler, EventHandler<TArguments> Relayed)> _handlers = [];

    public void Add(EventHandler<TArguments>? handler)
    {
        if (handler is null)
        {
            return;
        }

        void Relayed(object? inner, TArguments arguments) => handler(sender, arguments);
        lock (_lock)
        {
            _handlers.Add((handler, Relayed));
        }

        subscribe(Relayed);
    }

    public void Remove(EventHandler<TArguments>? handler)
    {
        EventHandler<TArguments> relayed;
        lock (_lock)
        {
            // The one added last goes first, as with any event.
            var index = _handlers.FindLastIndex(h => h.Handler == handler);
            if (index < 0)
            {
                return;
            }

            relayed = _handlers[index].Relayed;
            _handlers.RemoveAt(index);
        }

        unsubscribe(relayed);
    }
}
