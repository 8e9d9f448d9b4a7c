namespace Monitoring.History;

/// <summary>Keeps documents until the process ends. As large as what its writers keep, each of which bounds itself. Thread-safe.</summary>
public sealed class InMemoryStateStore : IStateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Key), string> _documents = [];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<StateDocument>>(
                [.. _documents.Where(document => document.Key.Kind == kind).Select(static document => new StateDocument(document.Key.Kind, document.Key.Key, document.Value))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(IReadOnlyList<StateDocument> documents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        lock (_lock)
        {
            foreach (var (kind, key, value) in documents)
            {
                if (value is null)
                {
                    _documents.Remove((kind, key));
                }
                else
                {
                    _documents[(kind, key)] = value;
                }
            }
        }

        return ValueTask.CompletedTask;
    }
}
