using Monitoring.Alerts;

namespace Monitoring.Core.Tests.Alerts.Outbox;

/// <summary>How a receiver answers an attempt.</summary>
internal enum Answer
{
    Takes,
    Breaks,
    AsksForPatience,
    Refuses,

    /// <summary>Takes the notice, but the answer is lost.</summary>
    TakesUnheard,

    /// <summary>Answers not at all until it is cancelled.</summary>
    Hangs,

    Gone,
}

/// <summary>A channel whose other end answers as a test says. It outlives the outbox, as a receiver does.</summary>
internal sealed class ScriptedNotifier(string name, AlertChannelOptions? options = null) : IAlertNotifier
{
    private readonly Lock _lock = new();
    private readonly List<AlertNotice> _arrived = [];
    private readonly List<AlertNotice> _attempts = [];

    public string Name => name;

    public AlertChannelOptions Channel { get; } = options ?? new AlertChannelOptions();

    public Answer Answer { get; set; }

    public TimeSpan? RetryAfter { get; set; }

    public string? Receipt { get; set; }

    /// <summary>What the receiver has taken, repetitions included.</summary>
    public IReadOnlyList<AlertNotice> Arrived
    {
        get
        {
            lock (_lock)
            {
                return [.. _arrived];
            }
        }
    }

    public IReadOnlyList<AlertNotice> Attempts
    {
        get
        {
            lock (_lock)
            {
                return [.. _attempts];
            }
        }
    }

    /// <summary>What a receiver that tells repetitions by the notice's id has heard of alerts, in order.</summary>
    public IReadOnlyList<AlertNoticeEntry> Heard => [.. Arrived.DistinctBy(static notice => notice.Id).SelectMany(static notice => notice.Entries)];

    public async Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _attempts.Add(notice);
            if (Answer is Answer.Takes or Answer.TakesUnheard)
            {
                _arrived.Add(notice);
            }
        }

        switch (Answer)
        {
            case Answer.Takes:
                return Receipt;
            case Answer.Breaks or Answer.TakesUnheard:
                throw new IOException("broken");
            case Answer.AsksForPatience:
                throw new AlertDeliveryException("busy") { RetryAfter = RetryAfter ?? TimeSpan.FromSeconds(20) };
            case Answer.Refuses:
                throw new AlertDeliveryException("refused") { IsPermanent = true };
            case Answer.Gone:
                throw new AlertDeliveryException("gone") { IsGone = true };
            default:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return null;
        }
    }
}
