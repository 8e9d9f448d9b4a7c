using System.Threading.Channels;

namespace Monitoring.Redis.Streams;

/// <summary>Wakes one loop; several wake-ups before it looks are one. Thread-safe.</summary>
internal sealed class Signal(TimeProvider timeProvider)
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Returns when it is set, or when the time is over.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (_set.Reader.TryRead(out _))
        {
            return;
        }

        using var timer = new CancellationTokenSource(time, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _set.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }
    }
}
