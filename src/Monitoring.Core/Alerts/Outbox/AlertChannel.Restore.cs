using Monitoring.History;

namespace Monitoring.Alerts.Outbox;

// What an earlier process has left in the store.
internal sealed partial class AlertChannel
{
    /// <summary>Takes up what is known of alerts, and tells again what was under way.</summary>
    /// <param name="alerts">The alerts as the store has them.</param>
    /// <param name="deliveries">What channels were told.</param>
    /// <param name="notices">What was under way.</param>
    public void Restore(IReadOnlyList<Alert> alerts, IReadOnlyList<StateDocument> deliveries, IReadOnlyList<StateDocument> notices)
    {
        var told = new Dictionary<string, DeliveryDocument>(StringComparer.Ordinal);
        foreach (var (_, key, value) in deliveries)
        {
            if (_store.AlertIdOf(key) is { } id && _store.Read(value, OutboxJson.Default.DeliveryDocument) is { } document)
            {
                told[id] = document;
            }
        }

        lock (_lock)
        {
            RestoreAlertsUnderLock(alerts, told);
            foreach (var (_, key, value) in notices)
            {
                if (_store.IsDigest(key) && _store.Read(value, OutboxJson.Default.AlertDigest) is { } digest)
                {
                    _ledger.RestoreDigest(digest);
                }
                else if (_store.IsNotice(key) && _store.Read(value, OutboxJson.Default.NoticeDocument) is { } notice)
                {
                    _ledger.Resume(notice);
                }
            }

            WakeIfEarlierUnderLock();
        }
    }

    private void RestoreAlertsUnderLock(IReadOnlyList<Alert> alerts, Dictionary<string, DeliveryDocument> told)
    {
        var now = _clock.Now;
        foreach (var alert in alerts)
        {
            told.Remove(alert.Id, out var document);
            var ended = alert.State == AlertState.Resolved ? document?.Alert : null;
            _ledger.Restore(ended ?? alert, document, now);
        }

        // What is over and still to be told is kept by nobody else.
        var lost = 0;
        foreach (var (id, document) in told.OrderBy(static pair => pair.Value.DecidedAt))
        {
            if (document.IsFinal)
            {
                _ledger.RestoreEnd(id, document);
            }
            else if (document.Alert is { } alert)
            {
                _ledger.Restore(alert, document, now);
            }
            else
            {
                _store.DeleteDelivery(id);
                lost++;
            }
        }

        if (lost > 0)
        {
            _errors.Report($"alerts.notifier.{Name}.restore", new InvalidDataException($"'{Name}' was told of {lost} alerts that are not in the store any more; that they are over will not be told."));
        }
    }
}
