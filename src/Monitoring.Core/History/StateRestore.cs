using Monitoring.Telemetry;

namespace Monitoring.History;

/// <summary>
/// Takes up once what an earlier process has left in a store, step by step. A store that fails or hangs is tried for
/// 30 seconds; then the monitor goes on without what it holds. Thread-safe.
/// </summary>
internal sealed class StateRestore(TimeProvider timeProvider, InternalErrors errors, params Func<CancellationToken, ValueTask>[] steps)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isBegun;

    /// <summary>Whether it has ended, one way or the other.</summary>
    public bool IsOver => _over.Task.IsCompleted;

    /// <summary>Begins, unless that has happened before. The task never faults.</summary>
    public Task StartAsync()
    {
        if (Interlocked.Exchange(ref _isBegun, 1) == 0)
        {
            _ = RunAsync();
        }

        return _over.Task;
    }

    private async Task RunAsync()
    {
        using var patience = new CancellationTokenSource(Patience, timeProvider);
        try
        {
            foreach (var step in steps)
            {
                await TryAsync(step, patience.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            errors.Report("state.restore", new InvalidOperationException($"The state that outlives the process could not be read for {Patience.TotalSeconds:0} s; the monitor goes on without it.", exception));
        }
        finally
        {
            _over.SetResult();
        }
    }

    private async Task TryAsync(Func<CancellationToken, ValueTask> step, CancellationToken patience)
    {
        while (true)
        {
            try
            {
                // A store that does not look at its token must not hold up the monitor for ever.
                await step(patience).AsTask().WaitAsync(patience).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (!patience.IsCancellationRequested)
            {
                errors.Report("state.read", exception);
            }

            await Task.Delay(Pause, timeProvider, patience).ConfigureAwait(false);
        }
    }
}
