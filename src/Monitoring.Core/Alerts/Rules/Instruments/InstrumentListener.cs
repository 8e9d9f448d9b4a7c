using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Rules.Instruments;

/// <summary>
/// Listens to those instruments of the process that rules name, and to no other. Measurements come on the threads of the host;
/// all else is called by one evaluation at a time.
/// </summary>
internal sealed class InstrumentListener : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly InternalErrors _errors;
    private readonly Dictionary<string, InstrumentSelection> _selections = new(StringComparer.Ordinal);
    private MeterListener? _listener;
    private SliceClock? _clock;

    // Replaced as a whole by the evaluation; read by whoever publishes an instrument.
    private FrozenDictionary<(string Meter, string Name), InstrumentFeed> _feeds = FrozenDictionary<(string, string), InstrumentFeed>.Empty;

    public InstrumentListener(TimeProvider timeProvider, InternalErrors errors)
    {
        _timeProvider = timeProvider;
        _errors = errors;
    }

    /// <summary>Instruments that are named by rules.</summary>
    public int Count => Volatile.Read(ref _feeds).Count;

    /// <summary>The selection of a key, the one there is or a new one, which is listened to after <see cref="Keep"/>.</summary>
    public InstrumentSelection Select(string meter, string instrument, IEnumerable<KeyValuePair<string, string>> filter, IEnumerable<string> by, bool percentiles)
    {
        _clock ??= new SliceClock(_timeProvider);
        var selection = new InstrumentSelection(meter, instrument, filter, by, percentiles, _clock);
        return _selections.TryAdd(selection.Key, selection) ? selection : _selections[selection.Key];
    }

    /// <summary>Listens to these selections and to no others any more.</summary>
    public void Keep(IReadOnlySet<string> keys)
    {
        foreach (var (key, selection) in _selections)
        {
            if (!keys.Contains(key))
            {
                _selections.Remove(key);
                selection.Close();
            }
        }

        var before = _feeds;
        var feeds = new Dictionary<(string, string), InstrumentFeed>();
        foreach (var group in _selections.Values.GroupBy(static selection => (selection.Meter, selection.Instrument)))
        {
            var feed = feeds[group.Key] = before.TryGetValue(group.Key, out var known) ? known : new InstrumentFeed(group.Key.Meter, group.Key.Instrument);
            feed.Select([.. group]);
        }

        // First the table, then the search: an instrument that is published meanwhile finds the one or is found by the other.
        Volatile.Write(ref _feeds, feeds.ToFrozenDictionary());
        foreach (var (name, feed) in before)
        {
            if (!feeds.ContainsKey(name))
            {
                foreach (var instrument in feed.Close())
                {
                    _listener?.DisableMeasurementEvents(instrument);
                }
            }
        }

        if (feeds.Keys.Any(name => !before.ContainsKey(name)))
        {
            Search();
        }
    }

    /// <summary>Asks the observable instruments and looks at what all have recorded.</summary>
    public void Poll(long second)
    {
        if (_selections.Count == 0)
        {
            return;
        }

        var failed = false;
        try
        {
            _listener?.RecordObservableInstruments();
        }
        catch (Exception exception)
        {
            // A callback of the host's threw; the others were asked all the same.
            failed = true;
            _errors.Report("alerts.observe", exception);
        }

        foreach (var (_, selection) in _selections)
        {
            selection.Note(second, failed);
        }
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _clock?.Dispose();
    }

    // Instruments that exist already are told of only to a listener that starts. This one enables them for the lasting one, and
    // hears nothing itself.
    private void Search()
    {
        if (_listener is null)
        {
            _listener = Make();
            _listener.Start();
            return;
        }

        using var search = new MeterListener { InstrumentPublished = (instrument, _) => OnPublished(instrument, _listener) };
        search.Start();
    }

    private MeterListener Make()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = OnPublished,
            MeasurementsCompleted = static (instrument, state) => (state as InstrumentFeed)?.Remove(instrument),
        };
        listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(value, tags, state));
        listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(value, tags, state));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(value, tags, state));
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(value, tags, state));
        listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(value, tags, state));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(value, tags, state));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((double)value, tags, state));
        return listener;
    }

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        try
        {
            if (Volatile.Read(ref _feeds).TryGetValue((instrument.Meter.Name, instrument.Name), out var feed))
            {
                feed.Enable(instrument, listener);
            }
        }
        catch (Exception exception)
        {
            _errors.Report("alerts.instrument", exception);
        }
    }

    // Runs inside the host's own call: what goes wrong here, such as a tag that cannot be compared, must not reach it.
    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        try
        {
            ((InstrumentFeed)state!).Record(value, tags);
        }
        catch (Exception exception)
        {
            _errors.Report("alerts.measurement", exception);
        }
    }
}
