using System.Diagnostics;

namespace Monitoring.Requests;

/// <summary>Measures a named part of a request or operation, from its creation to its disposal. Dispose it once. Allocates nothing.</summary>
public readonly struct PhaseMeasurement : IDisposable, IEquatable<PhaseMeasurement>
{
    private readonly OperationScope? _scope;
    private readonly string _phase;
    private readonly long _start;

    internal PhaseMeasurement(OperationScope? scope, string phase)
    {
        (_scope, _phase) = (scope, phase);
        _start = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends the phase; what ends after its operation is not recorded.</summary>
    public void Dispose() => _scope?.AddPhase(_phase, Stopwatch.GetTimestamp() - _start);

    /// <inheritdoc/>
    public bool Equals(PhaseMeasurement other) => _start == other._start && _phase == other._phase && _scope.Equals(other._scope);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PhaseMeasurement other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_start, _phase);

    /// <summary>Whether both are the same measurement.</summary>
    public static bool operator ==(PhaseMeasurement left, PhaseMeasurement right) => left.Equals(right);

    /// <summary>Whether they are two measurements.</summary>
    public static bool operator !=(PhaseMeasurement left, PhaseMeasurement right) => !left.Equals(right);
}
