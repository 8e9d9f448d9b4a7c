namespace Monitoring.Alerts;

/// <summary>Tells somebody that an alert fired, changed severity or was resolved.</summary>
public interface IAlertNotifier
{
    /// <summary>Name of the channel, for logs and counters.</summary>
    string Name { get; }

    /// <summary>Sends one notice. May throw; the caller counts, and other channels are not affected.</summary>
    Task NotifyAsync(Alert alert, CancellationToken cancellationToken);
}
