namespace Monitoring.Alerts;

/// <summary>A notice that was not taken, by a notifier that knows more than that: whether, and when, another attempt makes sense.</summary>
/// <param name="message">What happened, without secrets.</param>
/// <param name="innerException">What it was caused by.</param>
public sealed class AlertDeliveryException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the receiver will never take this notice, so that there is no further attempt.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>Whether the receiver wants no notice at all any more (<c>410 Gone</c>): the channel is off until the next start.</summary>
    public bool IsGone { get; init; }

    /// <summary>How long the receiver asks to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
