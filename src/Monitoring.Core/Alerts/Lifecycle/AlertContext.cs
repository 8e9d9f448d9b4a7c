using System.Collections.ObjectModel;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>
/// What an alert keeps of the moment it fires: what its reading offers, and the circumstances, which are asked for once an
/// evaluation and only when an alert fires. Bounded. Used by one evaluation at a time.
/// </summary>
internal sealed class AlertContext(Func<IReadOnlyDictionary<string, string>>? circumstances, InternalErrors errors)
{
    private const int MostEntries = 40;
    private const int LongestKey = 100;
    private const int LongestValue = 500;

    private ReadOnlyDictionary<string, string>? _circumstances;

    /// <summary>The circumstances are asked for anew the next time.</summary>
    public void BeginEvaluation() => _circumstances = null;

    /// <summary>The context of an alert that fires now; null when what is asked for it throws.</summary>
    public IReadOnlyDictionary<string, string>? Find(in MetricReading? reading)
    {
        try
        {
            _circumstances ??= Ask();
            if (reading?.Context is not { } getContext)
            {
                return _circumstances;
            }

            var context = new Dictionary<string, string>(StringComparer.Ordinal);
            Add(context, getContext());
            Add(context, _circumstances);
            return context.AsReadOnly();
        }
        catch (Exception exception)
        {
            errors.Report("alerts.context", exception);
            return null;
        }
    }

    private ReadOnlyDictionary<string, string> Ask()
    {
        if (circumstances is null)
        {
            return ReadOnlyDictionary<string, string>.Empty;
        }

        try
        {
            var context = new Dictionary<string, string>(StringComparer.Ordinal);
            Add(context, circumstances());
            return context.AsReadOnly();
        }
        catch (Exception exception)
        {
            errors.Report("alerts.circumstances", exception);
            return ReadOnlyDictionary<string, string>.Empty;
        }
    }

    // What is there already, the reading's own, is not overwritten.
    private static void Add(Dictionary<string, string> context, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (key, value) in more)
        {
            if (context.Count >= MostEntries)
            {
                return;
            }

            context.TryAdd(Shorten(key, LongestKey), Shorten(value, LongestValue));
        }
    }

    private static string Shorten(string text, int length) => text.Length > length ? text[..length] : text;
}
