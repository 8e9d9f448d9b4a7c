namespace Monitoring.Telemetry;

/// <summary>The last 1,000 changes that people made, newest first. Thread-safe.</summary>
public sealed class AuditLog
{
    private const int Capacity = 1000;
    private const int LongestName = 200;
    private const int LongestNote = 1000;

    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();

    // Guarded by _lock; oldest first.
    private readonly Queue<AuditEntry> _entries = new();
    private Action<AuditEntry, AuditEntry?>? _keep;

    /// <summary>Creates an empty log.</summary>
    /// <param name="timeProvider">The clock that entries are stamped by; the system's by default.</param>
    public AuditLog(TimeProvider? timeProvider = null) => _timeProvider = timeProvider ?? TimeProvider.System;

    /// <summary>Adds a change; the oldest one gives way when there are too many.</summary>
    /// <param name="action">What was done, such as <c>alert.resolve</c>; kept up to 200 characters, as are <paramref name="target"/> and <paramref name="by"/>.</param>
    /// <param name="target">What it was done to, such as the key of an alert.</param>
    /// <param name="by">Who; null when it was not said.</param>
    /// <param name="note">What that person had to say; kept up to 1,000 characters.</param>
    /// <returns>The entry as it was added.</returns>
    public AuditEntry Add(string action, string target, string? by = null, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(target);
        var now = _timeProvider.GetUtcNow();
        var entry = new AuditEntry(now, Shorten(by, LongestName), Shorten(action, LongestName)!, Shorten(target, LongestName)!, Shorten(note, LongestNote))
        {
            Id = Guid.CreateVersion7(now).ToString("N"),
        };
        lock (_lock)
        {
            var oldest = AddUnderLock(entry);
            _keep?.Invoke(entry, oldest);
        }

        return entry;
    }

    /// <summary>The changes, newest first.</summary>
    public IReadOnlyList<AuditEntry> GetEntries()
    {
        lock (_lock)
        {
            return [.. _entries.Reverse()];
        }
    }

    /// <summary>Has each entry that is added, and the one that gives way to it, kept elsewhere as well; called under the lock, in order. Must not wait or throw.</summary>
    internal void KeepBy(Action<AuditEntry, AuditEntry?> keep)
    {
        lock (_lock)
        {
            _keep = keep;
        }
    }

    /// <summary>Puts what an earlier process has kept in front of what was added since.</summary>
    /// <returns>Those for which there is no room.</returns>
    internal IReadOnlyList<AuditEntry> Restore(IEnumerable<AuditEntry> entries)
    {
        lock (_lock)
        {
            var since = _entries.ToList();
            AuditEntry[] all = [.. entries.Where(entry => since.TrueForAll(other => other.Id != entry.Id)).OrderBy(static entry => entry.At).ThenBy(static entry => entry.Id, StringComparer.Ordinal), .. since];
            _entries.Clear();
            List<AuditEntry> dropped = [];
            foreach (var entry in all)
            {
                if (AddUnderLock(entry) is { } oldest)
                {
                    dropped.Add(oldest);
                }
            }

            return dropped;
        }
    }

    private static string? Shorten(string? text, int length) => text?.Length > length ? text[..length] : text;

    private AuditEntry? AddUnderLock(AuditEntry entry)
    {
        _entries.Enqueue(entry);
        return _entries.Count > Capacity ? _entries.Dequeue() : null;
    }
}
