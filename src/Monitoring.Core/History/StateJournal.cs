using Monitoring.Telemetry;

namespace Monitoring.History;

/// <summary>
/// Writes documents behind the back of whoever changes them: a change is noted without waiting, and one writer at a time
/// takes all that is noted to the store. Of several changes of one document only the last is written. A store that fails
/// costs nobody more than the wait: what could not be written stays noted and is tried with the next flush. Without a store
/// nothing is noted, for it would end with the process. Thread-safe.
/// </summary>
internal sealed class StateJournal(IStateStore? store, InternalErrors errors) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writer = new(1, 1);

    // Guarded by _lock. The text is made when it is written, by then often for the last of many changes.
    private Dictionary<(string Kind, string Key), Func<string>?> _noted = [];

    /// <summary>Whether there is a store.</summary>
    public bool IsKept => store is not null;

    /// <summary>Whether something is noted that is not yet written.</summary>
    public bool HasChanges
    {
        get
        {
            lock (_lock)
            {
                return _noted.Count > 0;
            }
        }
    }

    /// <summary>Notes that a document has changed; <paramref name="text"/> is called by the writer, on another thread, and must be given something immutable.</summary>
    public void Put(string kind, string key, Func<string> text) => Note(kind, key, text);

    /// <summary>Notes that a document is no more.</summary>
    public void Delete(string kind, string key) => Note(kind, key, null);

    /// <summary>The documents of a kind, as the store has them.</summary>
    public ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken) =>
        store?.ReadAsync(kind, cancellationToken) ?? ValueTask.FromResult<IReadOnlyList<StateDocument>>([]);

    /// <summary>
    /// Returns when everything that was noted before the call is in the store, or the store has failed.
    /// </summary>
    /// <returns>False when the store has failed.</returns>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return true;
        }

        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Dictionary<(string Kind, string Key), Func<string>?> taken;
            lock (_lock)
            {
                if (_noted.Count == 0)
                {
                    return true;
                }

                (taken, _noted) = (_noted, []);
            }

            try
            {
                await store.WriteAsync(Documents(taken), cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (Exception exception)
            {
                Return(taken);
                errors.Report("state.write", exception);
                return false;
            }
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>Nobody may flush any more.</summary>
    public void Dispose() => _writer.Dispose();

    private void Note(string kind, string key, Func<string>? text)
    {
        if (store is null)
        {
            return;
        }

        lock (_lock)
        {
            _noted[(kind, key)] = text;
        }
    }

    // One document that cannot be put into words must not keep the others from the store for ever.
    private List<StateDocument> Documents(Dictionary<(string Kind, string Key), Func<string>?> taken)
    {
        var documents = new List<StateDocument>(taken.Count);
        foreach (var ((kind, key), text) in taken)
        {
            try
            {
                documents.Add(new StateDocument(kind, key, text?.Invoke()));
            }
            catch (Exception exception)
            {
                errors.Report($"state.{kind}", exception);
            }
        }

        return documents;
    }

    // What was noted since is newer.
    private void Return(Dictionary<(string Kind, string Key), Func<string>?> taken)
    {
        lock (_lock)
        {
            foreach (var (key, text) in taken)
            {
                _noted.TryAdd(key, text);
            }
        }
    }
}
