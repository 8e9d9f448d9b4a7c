namespace Monitoring.CircuitBreakers;

/// <summary>
/// Asks, once a break is over, whether what a circuit protects is back, so that it closes without traffic too. One runs
/// at a time, even when one hangs for longer than its timeout. Errors are counted in the circuit, never thrown.
/// </summary>
internal sealed class CircuitProbe(CircuitBreaker breaker, TimeSpan timeout, TimeProvider timeProvider)
{
    private int _running;
    private volatile Func<CancellationToken, Task>? _ask;

    /// <summary>What is asked; null when only calls can tell.</summary>
    public Func<CancellationToken, Task>? Ask
    {
        get => _ask;
        set => _ask = value;
    }

    /// <summary>Starts the probe if it is due; returns at once.</summary>
    public void Tick()
    {
        if (_ask is not { } ask
            || breaker.History.State != CircuitState.Open
            || breaker.State != CircuitState.HalfOpen
            || Interlocked.Exchange(ref _running, 1) == 1)
        {
            return;
        }

        var attempt = breaker.TryBeginAttempt();
        if (attempt is null)
        {
            // A call was faster, and is the probe.
            Volatile.Write(ref _running, 0);
            return;
        }

        // On the pool, for a probe that blocks must not hold up the monitor's loop.
        var cancellation = new CancellationTokenSource(timeout, timeProvider);
        _ = Task.Run(() => RunAsync(ask, attempt, cancellation), CancellationToken.None);
    }

    private async Task RunAsync(Func<CancellationToken, Task> ask, CircuitAttempt attempt, CancellationTokenSource cancellation)
    {
        using (cancellation)
        {
            try
            {
                await ask(cancellation.Token).ConfigureAwait(false);
                Volatile.Write(ref _running, 0);
                attempt.Succeeded();
            }
            catch (Exception exception)
            {
                Volatile.Write(ref _running, 0);
                attempt.Failed(exception);
            }
        }
    }
}
