using System.Diagnostics.Metrics;

namespace Monitoring.Alerts.Rules.Instruments;

/// <summary>
/// What the selections of one instrument's name are fed by: all instruments of that name, for a meter may be made twice. It is
/// the state that the listener hands to every measurement.
/// </summary>
internal sealed class InstrumentFeed(string meter, string name)
{
    private readonly Lock _lock = new();

    // Guarded by the lock.
    private readonly List<Instrument> _instruments = [];
    private (InstrumentKind Kind, bool Observable, string? Unit)? _known;
    private bool _closed;

    // Replaced as a whole under the lock, read without it by every measurement.
    private InstrumentSelection[] _selections = [];

    public string Meter => meter;

    public string Name => name;

    public void Select(InstrumentSelection[] selections)
    {
        lock (_lock)
        {
            if (_known is { } known)
            {
                foreach (var selection in selections)
                {
                    selection.Begin(known.Kind, known.Observable, known.Unit);
                }
            }

            Volatile.Write(ref _selections, selections);
        }
    }

    /// <summary>
    /// Begins to listen to an instrument, unless nobody wants it any more. Under the lock, so that closing, which stops to listen
    /// to all that are known here, misses none.
    /// </summary>
    public void Enable(Instrument instrument, MeterListener listener)
    {
        if (KindOf(instrument) is not { } kind)
        {
            return;
        }

        lock (_lock)
        {
            _known ??= (kind, instrument.IsObservable, instrument.Unit);
            if (_closed || _known != (kind, instrument.IsObservable, _known.Value.Unit) || _instruments.Contains(instrument))
            {
                return;
            }

            foreach (var selection in _selections)
            {
                selection.Begin(kind, instrument.IsObservable, _known.Value.Unit);
            }

            _instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument, this);
        }
    }

    /// <summary>An instrument is no more.</summary>
    public void Remove(Instrument instrument)
    {
        lock (_lock)
        {
            _instruments.Remove(instrument);
        }
    }

    /// <summary>Takes no further instruments; returns those that were listened to.</summary>
    public Instrument[] Close()
    {
        lock (_lock)
        {
            _closed = true;
            return [.. _instruments];
        }
    }

    /// <summary>Takes a measurement on the thread that makes it.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (double.IsFinite(value))
        {
            foreach (var selection in Volatile.Read(ref _selections))
            {
                selection.Record(value, tags);
            }
        }
    }

    private static InstrumentKind? KindOf(Instrument instrument)
    {
        for (var type = instrument.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType)
            {
                var definition = type.GetGenericTypeDefinition();
                if (definition == typeof(Counter<>) || definition == typeof(ObservableCounter<>))
                {
                    return InstrumentKind.Counter;
                }

                if (definition == typeof(UpDownCounter<>) || definition == typeof(ObservableUpDownCounter<>))
                {
                    return InstrumentKind.UpDownCounter;
                }

                if (definition == typeof(Gauge<>) || definition == typeof(ObservableGauge<>))
                {
                    return InstrumentKind.Gauge;
                }

                if (definition == typeof(Histogram<>))
                {
                    return InstrumentKind.Histogram;
                }
            }
        }

        return null;
    }
}
