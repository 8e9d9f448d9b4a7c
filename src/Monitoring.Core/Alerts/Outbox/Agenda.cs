namespace Monitoring.Alerts.Outbox;

/// <summary>Something that is due at a time.</summary>
internal abstract class AgendaItem
{
    /// <summary>When it is due, on the steady clock; null when it is not on the agenda. Set by the agenda only.</summary>
    public TimeSpan? DueAt { get; set; }

    /// <summary>Tells items of one time apart. Set by the agenda only.</summary>
    public long Number { get; set; }
}

/// <summary>Items by when they are due, each once at most: what is next costs O(1), a change O(log n). Not thread-safe.</summary>
internal sealed class Agenda<T>
    where T : AgendaItem
{
    private readonly SortedSet<T> _items = new(Comparer<T>.Create(static (x, y) =>
        x.DueAt == y.DueAt ? x.Number.CompareTo(y.Number) : Nullable.Compare(x.DueAt, y.DueAt)));

    private long _number;

    /// <summary>When the next one is due; the greatest time there is when none is.</summary>
    public TimeSpan NextDue => _items.Min?.DueAt ?? TimeSpan.MaxValue;

    public void Set(T item, TimeSpan dueAt)
    {
        if (item.DueAt == dueAt)
        {
            return;
        }

        Remove(item);
        item.DueAt = dueAt;
        item.Number = _number++;
        _items.Add(item);
    }

    public void Remove(T item)
    {
        if (item.DueAt is not null)
        {
            _items.Remove(item);
            item.DueAt = null;
        }
    }

    /// <summary>Takes the next item off the agenda if it is due.</summary>
    public T? TakeDue(TimeSpan now)
    {
        if (_items.Min is not { } next || next.DueAt > now)
        {
            return null;
        }

        Remove(next);
        return next;
    }
}
