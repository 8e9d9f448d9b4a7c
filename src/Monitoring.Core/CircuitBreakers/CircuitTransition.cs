namespace Monitoring.CircuitBreakers;

/// <summary>One change of a circuit's state.</summary>
/// <param name="At">When it was seen.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state since.</param>
/// <param name="Reason">Why, in words; names types of exceptions, never their messages.</param>
public sealed record CircuitTransition(DateTimeOffset At, CircuitState From, CircuitState To, string Reason);
