using Monitoring.Validation;

namespace Monitoring.Backpressure;

/// <summary>When the queue is said to be backing up (section <c>Monitoring:Backpressure</c>).</summary>
public sealed class BackpressureOptions
{
    internal void Validate(OptionsErrors errors) => ArgumentNullException.ThrowIfNull(errors);
}
