using Monitoring.Alerts;
using Monitoring.History;

namespace Monitoring.Core.Tests.Alerts.Outbox;

/// <summary>
/// The ways of one process to the outside. Once it has crashed nothing of it reaches a receiver or the store any more,
/// although its tasks still run.
/// </summary>
internal sealed class CrashingProcess(IStateStore store, IEnumerable<IAlertNotifier> notifiers)
{
    private volatile bool _isDead;

    public IStateStore Store => new Disk(this, store);

    public IAlertNotifier[] Notifiers => [.. notifiers.Select(notifier => new Line(this, notifier))];

    public void Crash() => _isDead = true;

    private sealed class Line(CrashingProcess process, IAlertNotifier receiver) : IAlertNotifier
    {
        public string Name => receiver.Name;

        public AlertChannelOptions Channel => receiver.Channel;

        public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken) =>
            process._isDead ? throw new IOException("crashed") : receiver.NotifyAsync(notice, cancellationToken);
    }

    private sealed class Disk(CrashingProcess process, IStateStore disk) : IStateStore
    {
        public ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken) => disk.ReadAsync(kind, cancellationToken);

        public ValueTask WriteAsync(IReadOnlyList<StateDocument> documents, CancellationToken cancellationToken) =>
            process._isDead ? throw new IOException("crashed") : disk.WriteAsync(documents, cancellationToken);
    }
}
