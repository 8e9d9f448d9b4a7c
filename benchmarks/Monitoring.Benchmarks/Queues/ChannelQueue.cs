using System.Threading.Channels;

namespace Monitoring.Benchmarks.Queues;

/// <summary>A bounded channel of delegates and a loop: the least that a queue in a process can be.</summary>
internal sealed class ChannelQueue() : QueueContender(Row, QueueCommand.FastBatch)
{
    public const string Row = "bare bounded Channel";

    private readonly Channel<Func<CancellationToken, ValueTask>> _channel = Channel.CreateBounded<Func<CancellationToken, ValueTask>>(QueueCommand.Capacity);
    private Task _loop = Task.CompletedTask;

    public override Task StartAsync()
    {
        _loop = Task.Run(async () =>
        {
            await foreach (var work in _channel.Reader.ReadAllAsync())
            {
                await work(CancellationToken.None);
            }
        });
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        _channel.Writer.Complete();
        await _loop;
    }

    protected override async Task EnqueueBatchAsync()
    {
        Func<CancellationToken, ValueTask> work = DoNothing;
        for (var i = 0; i < Batch; i++)
        {
            await _channel.Writer.WriteAsync(work);
        }
    }
}
