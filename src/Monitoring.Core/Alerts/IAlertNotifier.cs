namespace Monitoring.Alerts;

/// <summary>
/// A channel that tells somebody about alerts. It makes one attempt; the outbox keeps what was not taken, waits and tries
/// again. Called for one notice at a time, on a task of the channel's own, so that one that hangs holds up nobody else.
/// </summary>
public interface IAlertNotifier
{
    /// <summary>Name of the channel, for logs, counters and the API; constant, without secrets. Two channels of one name are numbered.</summary>
    string Name { get; }

    /// <summary>What the channel wants to hear of, and how it is treated; by default everything.</summary>
    AlertChannelOptions Channel => AlertChannelOptions.Default;

    /// <summary>Makes one attempt to deliver a notice.</summary>
    /// <param name="notice">What to tell.</param>
    /// <param name="cancellationToken">Cancelled when the attempt takes longer than <see cref="AlertChannelOptions.Timeout"/> or the monitor stops.</param>
    /// <returns>What later notices of the same alerts are to bring along, such as the id of a message to reply to; null for nothing. Kept with the alert, so at most some hundred characters and no secret.</returns>
    /// <exception cref="AlertDeliveryException">The notice was not taken, and whether there is any use in trying again. Any other exception counts as worth another attempt.</exception>
    Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken);
}
