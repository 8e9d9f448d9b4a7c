namespace Monitoring.TaskQueues.Processing;

/// <summary>
/// Exponential back-off with "equal jitter": half of the delay is fixed, half is random, so that tasks that failed together
/// do not come back together (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
/// </summary>
internal sealed class RetryBackoff(TimeSpan baseDelay, TimeSpan maximumDelay, Func<double> nextRandom)
{
    /// <summary>The wait after <paramref name="attempt"/> (from 1) has failed.</summary>
    public TimeSpan GetDelay(int attempt)
    {
        var ceiling = Math.Min(baseDelay.TotalMilliseconds * Math.Pow(2, attempt - 1), maximumDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (0.5 * nextRandom())));
    }
}
