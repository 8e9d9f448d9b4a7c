using System.Text.Json;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Lifecycle;

/// <summary>
/// Writes alerts into the journal and reads them back: a document for each series that has an alert or fired lately, and
/// one for each alert that is over and still shown. Nothing here waits but reading. Thread-safe.
/// </summary>
internal sealed class AlertArchive(StateJournal journal, InternalErrors errors)
{
    private const string Kind = "alert";

    public void Put(TrackedSeries tracked, Moment now)
    {
        // The closure is not even made where nothing is kept.
        if (journal.IsKept)
        {
            PutKept(tracked.Series, tracked.State, now);
        }
    }

    public void Delete(AlertSeries series) => journal.Delete(Kind, KeyOf(series));

    public void PutResolved(AlertSeries series, Alert alert) => journal.Put(Kind, ResolvedKeyOf(alert), () => Text(series, alert, life: null, alert.ResolvedAt ?? alert.LastSeenAt));

    public void DeleteResolved(Alert alert) => journal.Delete(Kind, ResolvedKeyOf(alert));

    /// <summary>What an earlier process has left; what cannot be read is counted and left out.</summary>
    public async Task<List<StoredAlert>> ReadAsync(CancellationToken cancellationToken)
    {
        var documents = await journal.ReadAsync(Kind, cancellationToken).ConfigureAwait(false);
        return [.. documents.Select(Read).OfType<StoredAlert>()];
    }

    private void PutKept(AlertSeries series, TrackedState state, Moment now) =>
        journal.Put(Kind, KeyOf(series), () => Text(series, state.Alert, StoredLife.Of(state.Lifecycle, now), now.Utc));

    private static string Text(AlertSeries series, Alert? alert, StoredLife? life, DateTimeOffset savedAt) =>
        JsonSerializer.Serialize(new StoredAlert { SavedAt = savedAt, Rule = series.Rule, Instance = series.Instance, Life = life, Alert = alert }, StoredAlertJson.Default.StoredAlert);

    private StoredAlert? Read(StateDocument document)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(document.Value ?? "null", StoredAlertJson.Default.StoredAlert);
            return stored is not null && IsSound(stored) ? stored : throw new JsonException($"The document '{document.Key}' is none of version {StoredAlert.CurrentVersion}, or says nothing that can be used.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            errors.Report("alerts.restore.document", exception);
            return null;
        }
    }

    private static bool IsSound(StoredAlert stored)
    {
        if (stored.Version != StoredAlert.CurrentVersion || string.IsNullOrEmpty(stored.Rule))
        {
            return false;
        }

        if (stored.Life is not { } life)
        {
            return IsShown(stored.Alert) && stored.Alert!.State == AlertState.Resolved;
        }

        if (!Enum.IsDefined(life.Phase) || !Enum.IsDefined(life.Level))
        {
            return false;
        }

        return life.Phase == AlertPhase.Inactive || (life.Level > AlertLevel.None && IsShown(stored.Alert) && stored.Alert!.State == AlertWriter.StateOf(life.Phase));
    }

    private static bool IsShown(Alert? alert) =>
        alert is { Key: not (null or ""), Id: not (null or ""), Rule: not null, Message: not null, Metric: not null, Unit: not null, Timeline: not null, Labels: not null, Context: not null };

    private static string ResolvedKeyOf(Alert alert) => $"resolved:{alert.Id}";

    // Names come from outside: those that a store might not take as they are, or that are long, are told by their hash.
    private static string KeyOf(AlertSeries series)
    {
        if (series.Instance is not { } instance)
        {
            return $"series:{series.Rule}";
        }

        foreach (var character in instance)
        {
            if (character is < ' ' or > '~')
            {
                return Hashed(series);
            }
        }

        return instance.Length > 200 ? Hashed(series) : $"series:{series.Rule}:{instance}";
    }

    private static string Hashed(AlertSeries series) => $"hashed:{AlertKey.Distinct(series.Rule, series.Instance)}";
}
