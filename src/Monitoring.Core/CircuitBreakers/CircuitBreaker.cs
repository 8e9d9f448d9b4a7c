namespace Monitoring.CircuitBreakers;

/// <summary>
/// A Polly circuit breaker with a name. While it is closed the caller runs its command and reports the outcome;
/// otherwise the call itself goes through <see cref="Execute"/> or <see cref="ExecuteAsync"/>, which own rejection
/// and the half-open probe.
/// </summary>
public sealed class CircuitBreaker
{
    internal CircuitBreaker(string name) => Name = name;

    /// <summary>Its name, unique within the monitor.</summary>
    public string Name { get; }

    /// <summary>Its state now.</summary>
    public CircuitState State => throw new NotImplementedException();

    /// <summary>Whether everything is let through: one volatile read.</summary>
    public bool IsClosed => throw new NotImplementedException();

    /// <summary>A call that was let through while closed ended well. Allocates nothing, never throws.</summary>
    public void ReportSuccess() => throw new NotImplementedException();

    /// <summary>A call that was let through while closed failed. Never throws.</summary>
    public void ReportFailure(Exception exception) => throw new NotImplementedException();

    /// <summary>Runs a call while the circuit is not closed.</summary>
    /// <exception cref="CircuitOpenException">The circuit refused it.</exception>
    public TResult Execute<TState, TResult>(Func<TState, TResult> call, TState state) => throw new NotImplementedException();

    /// <summary>Runs a call while the circuit is not closed. A refusal is a faulted task.</summary>
    public Task<TResult> ExecuteAsync<TState, TResult>(Func<TState, Task<TResult>> call, TState state) => throw new NotImplementedException();
}
