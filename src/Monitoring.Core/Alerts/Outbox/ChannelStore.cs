using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monitoring.History;
using Monitoring.Telemetry;

namespace Monitoring.Alerts.Outbox;

/// <summary>
/// What one channel writes down: the notice under way and its digest under kind <c>outbox</c>, what it was told of each
/// alert under kind <c>delivery</c>. Notes are taken without waiting, under the lock of the channel. Thread-safe.
/// </summary>
internal sealed class ChannelStore(string channel, StateJournal journal, TimeProvider timeProvider, InternalErrors errors)
{
    public const string OutboxKind = "outbox";
    public const string DeliveryKind = "delivery";

    // A store that hangs must not silence alerts.
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(5);

    private readonly string _digestKey = channel + "/digest";
    private readonly string _prefix = channel + "/";

    public void PutNotice(AlertNotice notice) => Put(OutboxKind, channel, () => Write(
        new NoticeDocument(
            notice.Id, notice.CreatedAt, notice.Group,
            [.. notice.Entries.Select(static entry => new NoticeEntryDocument(entry.Alert.Id, entry.Reason, entry.Alert.Severity))], notice.Digest),
        OutboxJson.Default.NoticeDocument));

    public void DeleteNotice() => journal.Delete(OutboxKind, channel);

    /// <param name="digest">Called when it is written, on another thread and outside of every lock.</param>
    public void PutDigest(Func<AlertDigest?> digest) => Put(OutboxKind, _digestKey, () => digest() is { } some ? Write(some, OutboxJson.Default.AlertDigest) : "null");

    public void DeleteDigest() => journal.Delete(OutboxKind, _digestKey);

    public void PutDelivery(ChannelAlert alert, bool isFinal = false)
    {
        if (!journal.IsKept)
        {
            return;
        }

        var document = new DeliveryDocument(
            alert.Outcome, alert.Reason, alert.DecidedAt, alert.Told, alert.ToldSeverity, alert.ToldAtUtc, isFinal ? null : alert.Receipt, isFinal,
            alert.IsOver && !isFinal ? alert.Alert : null);
        journal.Put(DeliveryKind, _prefix + alert.Alert.Id, () => Write(document, OutboxJson.Default.DeliveryDocument));
    }

    public void DeleteDelivery(string alertId) => journal.Delete(DeliveryKind, _prefix + alertId);

    /// <summary>The alert that a document under kind <c>delivery</c> is about; null when it is another channel's.</summary>
    public string? AlertIdOf(string key) =>
        key.StartsWith(_prefix, StringComparison.Ordinal) && key.IndexOf('/', _prefix.Length) < 0 ? key[_prefix.Length..] : null;

    public bool IsNotice(string key) => key == channel;

    public bool IsDigest(string key) => key == _digestKey;

    /// <summary>Reads a document; null when it cannot be read, which is counted.</summary>
    public T? Read<T>(string? text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException exception)
        {
            errors.Report("alerts.outbox.read", exception);
            return null;
        }
    }

    /// <summary>Waits until what is noted is written, or for so long that alerts are better told without.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            // What has failed is counted by the journal and stays noted. The store may ignore the token, so the wait ends by itself.
            using var timeout = new CancellationTokenSource(FlushTimeout, timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await journal.FlushAsync(either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                errors.Report("alerts.outbox.flush", exception);
            }
        }
    }

    private void Put(string kind, string key, Func<string> text)
    {
        if (journal.IsKept)
        {
            journal.Put(kind, key, text);
        }
    }

    private static string Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type);
}
