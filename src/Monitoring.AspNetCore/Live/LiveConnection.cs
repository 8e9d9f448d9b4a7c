using System.Net.WebSockets;

namespace Monitoring.AspNetCore.Live;

/// <summary>
/// One client of the feed. It says what it wants next and is told once, at once or, if it has that of this tick, at the next; so a slow one
/// skips ticks and nothing waits for it. A newer wish replaces one that has not been answered. One loop runs it: only that loop sends, and at most one receive is open.
/// </summary>
internal sealed class LiveConnection(WebSocket socket, LiveSnapshots snapshots, TimeProvider time)
{
    /// <summary>The longest message that a client may send, in bytes.</summary>
    public const int LongestMessage = 1024;

    // Another page is wanted at once, but not more often than somebody clicks.
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(100);
    // Who comes back shows again who it is: a login that has ended since ends the feed as well.
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    private readonly byte[] _message = new byte[LongestMessage + 1];
    private readonly long _openedAt = time.GetTimestamp();

    // What was sent in that tick, and when the last of it: so a few at most.
    private readonly HashSet<LiveTurn> _sent = [];
    private long _tick;
    private long _sentAt;
    private Task<Message>? _receiving;

    /// <summary>Returns when the connection has ended. Does not throw for what a client or the network does.</summary>
    /// <param name="stopping">The host stops.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var farewell = await AnswerAsync(ending.Token).ConfigureAwait(false);

            // Nothing of this connection stays with the host's token.
            await ending.CancelAsync().ConfigureAwait(false);
            await SayFarewellAsync(farewell).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client is gone, or does not take what it asked for.
        }
        finally
        {
            socket.Abort();
            await (_receiving ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Farewell> AnswerAsync(CancellationToken stopping)
    {
        var stop = Task.Delay(Timeout.InfiniteTimeSpan, time, stopping);
        LiveTurn? wanted = null;
        while (true)
        {
            _receiving ??= ReceiveAsync();
            var wait = wanted is { } next ? TimeUntilDue(next) : Timeout.InfiniteTimeSpan;
            if (wait != TimeSpan.Zero)
            {
                await (wanted is null ? Task.WhenAny(_receiving, stop) : Task.WhenAny(_receiving, stop, Task.Delay(wait, time, stopping))).ConfigureAwait(false);
            }

            if (stopping.IsCancellationRequested)
            {
                return new(WebSocketCloseStatus.EndpointUnavailable, "The service is stopping.");
            }

            if (_receiving.IsCompleted)
            {
                var message = await _receiving.ConfigureAwait(false);
                if (message.Farewell is { } farewell)
                {
                    return farewell;
                }

                if (time.GetElapsedTime(_openedAt) >= LongestLife)
                {
                    return new(WebSocketCloseStatus.NormalClosure, "It was open for an hour; open another one.");
                }

                _receiving = null;
                wanted = message.Turn;
            }
            else if (wanted is { } due && TimeUntilDue(due) == TimeSpan.Zero)
            {
                var (snapshot, tick) = snapshots.Get(due);
                await ((Task)snapshot).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!snapshot.IsCompletedSuccessfully)
                {
                    return new(WebSocketCloseStatus.InternalServerError, "There is no snapshot now; the service's log says why.");
                }

                Note(due, tick);
                await SendAsync(await snapshot.ConfigureAwait(false), stopping).ConfigureAwait(false);
                wanted = null;
            }
        }
    }

    private void Note(LiveTurn turn, long tick)
    {
        if (tick != _tick)
        {
            _sent.Clear();
            _tick = tick;
        }

        _sent.Add(turn);
        _sentAt = time.GetTimestamp();
    }

    // In whole milliseconds, and never less than is left: a timer would fire a little too early again and again.
    private TimeSpan TimeUntilDue(LiveTurn turn)
    {
        var due = _sent.Count == 0 ? TimeSpan.Zero
            : _sent.Contains(turn) ? time.GetElapsedTime(time.GetTimestamp(), snapshots.StartOf(_tick + 1))
            : BetweenPages - time.GetElapsedTime(_sentAt);
        return due <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds));
    }

    private async Task SendAsync(byte[] snapshot, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(LongestSend, time);
        await using var hurry = stopping.Register(static state => ((CancellationTokenSource)state!).CancelAfter(LongestFarewell), patience).ConfigureAwait(false);
        await socket.SendAsync(snapshot.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, patience.Token).ConfigureAwait(false);
    }

    // Not with a token: a receive that is cancelled aborts the connection, and there would be no farewell.
    private async Task<Message> ReceiveAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(_message.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return new(default, new(WebSocketCloseStatus.NormalClosure, null));
            }

            if (length > LongestMessage)
            {
                return new(default, new(WebSocketCloseStatus.MessageTooBig, $"A message has at most {LongestMessage} bytes."));
            }

            if (!part.EndOfMessage)
            {
                continue;
            }

            var turn = default(LiveTurn);
            var problem = part.MessageType == WebSocketMessageType.Text ? LiveTurn.Read(_message.AsMemory(0, length), out turn) : "Send text.";
            return problem is null ? new(turn, null) : new(default, new(WebSocketCloseStatus.PolicyViolation, problem));
        }
    }

    // The closing handshake (RFC 6455, 7.1.2), for a client that answers; what it still sends is not read as anything.
    private async Task SayFarewellAsync(Farewell farewell)
    {
        using var patience = new CancellationTokenSource(LongestFarewell, time);
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(farewell.Status, farewell.Reason, patience.Token).ConfigureAwait(false);
        }

        if (_receiving is { IsCompleted: false } receiving)
        {
            await receiving.WaitAsync(patience.Token).ConfigureAwait(false);
        }

        while (socket.State is WebSocketState.CloseSent)
        {
            await socket.ReceiveAsync(_message.AsMemory(), patience.Token).ConfigureAwait(false);
        }
    }

    private readonly record struct Message(LiveTurn Turn, Farewell? Farewell);

    private sealed record Farewell(WebSocketCloseStatus Status, string? Reason);
}
