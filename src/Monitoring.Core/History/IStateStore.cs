namespace Monitoring.History;

/// <summary>
/// Where what must outlive the process is kept: small documents, each under a kind and a key. Thread-safe. The one in
/// memory keeps them until the process ends.
/// </summary>
public interface IStateStore
{
    /// <summary>All documents of a kind, in no order.</summary>
    ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken);

    /// <summary>Writes documents, all of them or none; one without a value is deleted. When the call returns they survive a restart, as far as the store does.</summary>
    ValueTask WriteAsync(IReadOnlyList<StateDocument> documents, CancellationToken cancellationToken);
}
