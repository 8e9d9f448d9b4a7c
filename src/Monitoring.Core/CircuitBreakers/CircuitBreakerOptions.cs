using Monitoring.Validation;

namespace Monitoring.CircuitBreakers;

/// <summary>When circuits open and for how long (section <c>Monitoring:CircuitBreaker</c>).</summary>
public sealed class CircuitBreakerOptions
{
    internal void Validate(OptionsErrors errors) => ArgumentNullException.ThrowIfNull(errors);
}
