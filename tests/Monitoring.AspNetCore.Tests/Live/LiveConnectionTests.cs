using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Monitoring.AspNetCore.Live;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests.Live;

/// <summary>One connection with a socket that does what the test says, and a clock that stands still.</summary>
public sealed class LiveConnectionTests : IDisposable
{
    private const string Redis = """{"page":"redis"}""";

    private readonly FakeClock _clock = new();
    private readonly ScriptedSocket _socket = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _taken;

    [Fact]
    public async Task Nothing_is_sent_before_it_is_asked_for_and_nothing_twice_in_a_second()
    {
        var running = RunAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        _socket.Client.TryWrite(Redis);
        await Eventually.HoldsAsync(() => _socket.Sent == 1);
        _taken.Should().Be(1, "none was taken while nobody asked");

        _socket.Client.TryWrite(Redis);
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        await Eventually.HoldsAsync(() => _socket.Received == 2);
        _socket.Sent.Should().Be(1);

        await AdvanceUntilAsync(() => _socket.Sent == 2, TimeSpan.FromMilliseconds(1));
        _taken.Should().Be(2);
        _socket.Client.TryComplete();
        await running;
    }

    [Fact]
    public async Task A_client_that_does_not_take_what_it_asked_for_is_given_up_and_has_one_snapshot_at_most()
    {
        _socket.IsStuck = true;
        var running = RunAsync();
        _socket.Client.TryWrite(Redis);
        await Eventually.HoldsAsync(() => _socket.Sending == 1);
        for (var i = 0; i < 100; i++)
        {
            _socket.Client.TryWrite(Redis);
        }

        _clock.Advance(TimeSpan.FromSeconds(29));
        running.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await running.WaitAsync(KestrelHost.Patience);

        _taken.Should().Be(1);
        _socket.MostSending.Should().Be(1);
        _socket.State.Should().Be(WebSocketState.Aborted);
    }

    [Fact]
    public async Task When_the_host_stops_not_even_such_a_client_is_waited_for()
    {
        _socket.IsStuck = true;
        var running = RunAsync();
        _socket.Client.TryWrite(Redis);
        await Eventually.HoldsAsync(() => _socket.Sending == 1);

        await _stopping.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        await running.WaitAsync(KestrelHost.Patience);

        _socket.State.Should().Be(WebSocketState.Aborted);
    }

    [Fact]
    public async Task A_flood_of_wishes_costs_one_snapshot()
    {
        for (var i = 0; i < 1000; i++)
        {
            _socket.Client.TryWrite(Redis);
        }

        var running = RunAsync();
        await Eventually.HoldsAsync(() => _socket.Received == 1000 && _socket.Sent == 1);

        _taken.Should().Be(1);
        _socket.MostSending.Should().Be(1);
        _socket.MostReceiving.Should().Be(1, "a socket allows one receive at a time");
        _socket.Client.TryComplete();
        await running;
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_taken_ends_the_connection_and_says_where_to_look()
    {
        _socket.Client.TryWrite(Redis);

        await new LiveConnection(_socket, new LiveSnapshots(_clock, static _ => throw new InvalidOperationException("secret")), _clock).RunAsync(_stopping.Token).WaitAsync(KestrelHost.Patience);

        _socket.CloseStatus.Should().Be(WebSocketCloseStatus.InternalServerError);
        _socket.CloseStatusDescription.Should().Contain("log").And.NotContain("secret");
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _socket.Dispose();
    }

    private Task RunAsync() => new LiveConnection(_socket, new LiveSnapshots(_clock, _ => [(byte)Interlocked.Increment(ref _taken)]), _clock).RunAsync(_stopping.Token);

    private async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step) =>
        await Eventually.HoldsAsync(() =>
        {
            if (!condition())
            {
                _clock.Advance(step);
            }

            return condition();
        });

    /// <summary>Receives what the test writes, and the client's close when that is complete or when it is asked to close.</summary>
    private sealed class ScriptedSocket : WebSocket
    {
        private readonly Channel<string> _client = Channel.CreateUnbounded<string>();
        private readonly CancellationTokenSource _aborted = new();
        private WebSocketState _state = WebSocketState.Open;
        private WebSocketCloseStatus? _closeStatus;
        private string? _closeReason;
        private int _sent;
        private int _received;
        private int _sending;
        private int _receiving;

        public ChannelWriter<string> Client => _client.Writer;

        public bool IsStuck { get; set; }

        public int Sent => Volatile.Read(ref _sent);

        public int Received => Volatile.Read(ref _received);

        public int Sending => Volatile.Read(ref _sending);

        public int MostSending { get; private set; }

        public int MostReceiving { get; private set; }

        public override WebSocketCloseStatus? CloseStatus => _closeStatus;

        public override string? CloseStatusDescription => _closeReason;

        public override WebSocketState State => _state;

        public override string? SubProtocol => null;

        public override void Abort()
        {
            _state = WebSocketState.Aborted;
            _aborted.Cancel();
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
        {
            (_closeStatus, _closeReason) = (closeStatus, statusDescription);
            _state = WebSocketState.CloseSent;
            _client.Writer.TryComplete();
            return Task.CompletedTask;
        }

        public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
        {
            var result = await ReceiveAsync(buffer.AsMemory(), cancellationToken);
            return new WebSocketReceiveResult(result.Count, result.MessageType, result.EndOfMessage);
        }

        public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            MostReceiving = Math.Max(MostReceiving, Interlocked.Increment(ref _receiving));
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _aborted.Token);
            try
            {
                var message = await _client.Reader.ReadAsync(either.Token);
                Interlocked.Increment(ref _received);
                return new ValueWebSocketReceiveResult(Encoding.UTF8.GetBytes(message, buffer.Span), WebSocketMessageType.Text, endOfMessage: true);
            }
            catch (ChannelClosedException)
            {
                _state = _state == WebSocketState.CloseSent ? WebSocketState.Closed : WebSocketState.CloseReceived;
                return new ValueWebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true);
            }
            finally
            {
                Interlocked.Decrement(ref _receiving);
            }
        }

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
            SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

        public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            MostSending = Math.Max(MostSending, Interlocked.Increment(ref _sending));
            if (IsStuck)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            Interlocked.Decrement(ref _sending);
            Interlocked.Increment(ref _sent);
        }

        public override void Dispose() => _aborted.Dispose();
    }
}
