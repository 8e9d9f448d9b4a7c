namespace Monitoring.Alerts.Outbox;

/// <summary>What became of alerts that are over, for one channel: the last ones. Guarded by the lock of its channel.</summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class DeliveryHistory(int capacity)
{
    private readonly Dictionary<string, (AlertDelivery Delivery, int Digest)> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public AlertDelivery? Find(string id) => _byId.TryGetValue(id, out var found) ? found.Delivery : null;

    /// <summary>Keeps an outcome.</summary>
    /// <param name="id">Id of the alert.</param>
    /// <param name="delivery">What became of it.</param>
    /// <param name="digest">The generation of the digest that is to tell of it; 0 when its outcome is final.</param>
    /// <returns>The id of the alert that is forgotten for it; null when none is.</returns>
    public string? Add(string id, AlertDelivery delivery, int digest = 0)
    {
        if (!_byId.TryAdd(id, (delivery, digest)))
        {
            return null;
        }

        _order.Enqueue(id);
        if (_order.Count <= capacity)
        {
            return null;
        }

        var oldest = _order.Dequeue();
        _byId.Remove(oldest);
        return oldest;
    }

    /// <summary>Gives the alerts of a digest their outcome.</summary>
    public void Decide(int digest, AlertDelivery delivery)
    {
        foreach (var id in _order)
        {
            if (_byId[id].Digest == digest)
            {
                _byId[id] = (delivery, 0);
            }
        }
    }
}
