using Monitoring.Telemetry;

namespace Monitoring.History;

/// <summary>Writes what is noted in a journal behind the back of a loop, and once more at its end. Thread-safe.</summary>
internal sealed class StateFlush(StateJournal journal, TimeProvider timeProvider, InternalErrors errors)
{
    /// <summary>How long the last writing may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private int _isRunning;

    /// <summary>Begins to write, unless that is going on: then the next call takes what has come since. Never waits or throws.</summary>
    public void Start()
    {
        if (!journal.HasChanges || Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            return;
        }

        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(RunAsync);
        }
    }

    /// <summary>Writes what is noted and waits for it, five seconds at most. Never throws.</summary>
    public async Task FinishAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, timeProvider);
            await journal.FlushAsync(patience.Token).AsTask().WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            errors.Report("state.write", exception);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await journal.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            errors.Report("state.write", exception);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }
}
