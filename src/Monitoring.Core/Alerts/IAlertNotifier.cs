namespace Monitoring.Alerts;

/// <summary>Tells somebody that an alert fired, changed severity or was resolved.</summary>
public interface IAlertNotifier
{
    /// <summary>Name of the channel, for logs and counters; constant, without secrets.</summary>
    string Name { get; }

    /// <summary>
    /// Sends one notice: <see cref="Alert.State"/> tells whether the alert fires or is resolved, and
    /// <see cref="Alert.PreviousSeverity"/> of a firing one whether its severity has changed. Called for one notice at a
    /// time, in the order of the transitions. May throw; the caller counts, and other channels are not affected.
    /// </summary>
    /// <param name="alert">The alert as it was at the transition.</param>
    /// <param name="cancellationToken">Cancelled when the notice takes longer than <see cref="AlertOptions.NotifierTimeout"/> or the monitor stops.</param>
    Task NotifyAsync(Alert alert, CancellationToken cancellationToken);
}
