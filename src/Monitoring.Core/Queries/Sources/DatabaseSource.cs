using System.Collections.Frozen;
using Monitoring.Telemetry;

namespace Monitoring.Queries.Sources;

/// <summary>Some events of one diagnostic listener. What goes wrong with one is counted, and never thrown into the caller's query.</summary>
internal abstract class DatabaseSource(string name, InternalErrors errors, params string[] events) : IObserver<KeyValuePair<string, object?>>
{
    private readonly FrozenSet<string> _events = events.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether an event is listened to; the others need not be made.</summary>
    public bool IsWanted(string @event) => _events.Contains(@event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // A source may write an event although nobody wanted it.
        if (value.Value is not { } payload || !IsWanted(value.Key))
        {
            return;
        }

        try
        {
            Handle(value.Key, payload);
        }
        catch (Exception exception)
        {
            errors.Report(name, exception);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    protected abstract void Handle(string @event, object payload);
}
