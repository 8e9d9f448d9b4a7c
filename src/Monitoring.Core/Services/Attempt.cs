using System.Diagnostics.CodeAnalysis;
using Monitoring.Telemetry;

namespace Monitoring.Services;

/// <summary>A call of the application's code that is under way, and may outlive the time that it was given.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The application may hold the token for as long as it likes, and a source without a timer has nothing to free.")]
internal sealed class Attempt(long startedAt)
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Timestamp of its begin.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>Whether its outcome has been recorded without it; guarded by the lock of its service.</summary>
    public bool IsGivenUp { get; set; }

    public CancellationToken Token => _source.Token;

    /// <summary>Ends with the call, without its error.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public bool IsEnded => Ended.IsCompleted;

    /// <summary>Says which task it is, once, before anybody asks; observes its error.</summary>
    public void Track(Task task) =>
        Ended = task.IsCompleted && task.Exception is var _ ? Task.CompletedTask : task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Asks it to end. What callbacks of the application throw is reported.</summary>
    public void Cancel(InternalErrors errors)
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException exception)
        {
            errors.Report("service cancellation", exception);
        }
    }
}
