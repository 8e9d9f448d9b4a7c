using System.Net.Sockets;
using Pipelines.Sockets.Unofficial;

namespace StandIns.Tests;

public sealed class SocketAwaitableTests
{
    [Fact]
    public async Task An_abort_wins_over_a_completion_that_comes_later()
    {
        using var operation = new SocketAwaitableEventArgs(null);
        var waiting = AwaitAsync(operation);

        operation.Abort(SocketError.TimedOut);
        operation.Complete();

        (await waiting).Should().Be(SocketError.TimedOut);
        (await AwaitAsync(operation)).Should().Be(SocketError.TimedOut, "whoever gave up has walked away");
    }

    [Fact]
    public async Task The_awaiting_code_goes_on_once_when_abort_and_completion_race()
    {
        for (var i = 0; i < 2_000; i++)
        {
            using var operation = new SocketAwaitableEventArgs(null);
            var waiting = AwaitAsync(operation);
            await Task.WhenAll(Task.Run(operation.Complete), Task.Run(() => operation.Abort(SocketError.TimedOut)));

            (await waiting).Should().BeOneOf(SocketError.Success, SocketError.TimedOut);
        }
    }

    private static async Task<SocketError> AwaitAsync(SocketAwaitableEventArgs operation)
    {
        try
        {
            await operation;
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
