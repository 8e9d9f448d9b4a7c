using System.Globalization;
using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;

namespace Monitoring.CircuitBreakers;

/// <summary>The circuits of one monitor, by name; 256 at most. Thread-safe.</summary>
public sealed class CircuitBreakerRegistry : IMetricSource
{
    private const int Limit = 256;

    private readonly TimeProvider _timeProvider;
    private readonly CircuitBreakerOptions _options;
    private readonly ILogger _logger;
    private readonly InternalErrors _errors;
    private readonly Lock _lock = new();

    // Replaced as a whole under the lock, read without it.
    private volatile CircuitBreaker[] _circuits = [];
    private long _overflow;

    /// <summary>Creates an empty registry.</summary>
    /// <param name="timeProvider">The clock of every circuit.</param>
    /// <param name="options">Taken over by each circuit when it is made.</param>
    /// <param name="logger">Where transitions are logged.</param>
    /// <param name="errors">Where errors of the monitor itself are counted; a counter of its own when null.</param>
    public CircuitBreakerRegistry(TimeProvider timeProvider, CircuitBreakerOptions options, ILogger logger, InternalErrors? errors = null)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        _timeProvider = timeProvider;
        _options = options;
        _logger = logger;
        _errors = errors ?? new InternalErrors(logger, timeProvider);
    }

    /// <summary>
    /// Circuits that were made beyond the 256 listed ones. Each works for its callers, but is neither listed nor probed.
    /// </summary>
    public long Overflow => Volatile.Read(ref _overflow);

    /// <summary>
    /// The circuit of that name, made when it is asked for the first time. One that exists keeps its predicate and takes
    /// over the newer probe.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="isFailure">
    /// Which exceptions speak against the health of what the circuit protects. Runs on the caller's thread; must not block.
    /// </param>
    /// <param name="probe">
    /// Asks whether it is back, for circuits that nobody calls; null when only calls can tell. Its token is cancelled after
    /// <see cref="CircuitBreakerOptions.ProbeTimeout"/>.
    /// </param>
    /// <param name="dependency">What it protects, such as <c>redis</c>: the label <c>dependency</c> of its alerts; null when that is not said.</param>
    public CircuitBreaker GetOrAdd(string name, Func<Exception, bool> isFailure, Func<CancellationToken, Task>? probe = null, string? dependency = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(isFailure);
        lock (_lock)
        {
            var circuit = Find(name);
            if (circuit is null)
            {
                circuit = new CircuitBreaker(name, _options, isFailure, _timeProvider, _errors, dependency);
                if (_circuits.Length < Limit)
                {
                    _circuits = [.. _circuits, circuit];
                }
                else
                {
                    _overflow++;
                }
            }

            circuit.Users++;
            circuit.Probe.Ask = probe ?? circuit.Probe.Ask;
            return circuit;
        }
    }

    /// <summary>The circuit of that name, or null.</summary>
    public CircuitBreaker? Find(string name) => Array.Find(_circuits, circuit => circuit.Name == name);

    /// <summary>
    /// One of those who asked for the circuit is gone, such as a closed connection; with the last of them the circuit is
    /// listed and probed no longer. It works on for who still holds it.
    /// </summary>
    /// <returns>Whether that was the last one.</returns>
    public bool Release(CircuitBreaker circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        lock (_lock)
        {
            circuit.Users--;
            if (circuit.Users > 0)
            {
                return false;
            }

            var before = _circuits.Length;
            _circuits = [.. _circuits.Where(other => other != circuit)];
            return _circuits.Length < before;
        }
    }

    /// <summary>State and history of each circuit.</summary>
    public IReadOnlyList<CircuitBreakerSummary> GetSummaries() => [.. _circuits.Select(static circuit => circuit.GetSummary())];

    /// <summary>
    /// Starts due probes and logs what changed; called by the monitor's loop about once a second. Never throws.
    /// </summary>
    public void Tick()
    {
        foreach (var circuit in _circuits)
        {
            try
            {
                circuit.Probe.Tick();

                // Whoever changes a circuit only notes it: here no caller waits for a log's sink.
                foreach (var transition in circuit.History.TakeUnlogged())
                {
                    CircuitBreakerLog.Transition(_logger, circuit.Name, transition);
                }
            }
            catch (Exception exception)
            {
                _errors.Report("looking after a circuit", exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        foreach (var circuit in _circuits)
        {
            readings.Add(new MetricReading(MetricNames.CircuitState, Value(circuit.State), circuit.Name)
            {
                Text = Name(circuit.State),
                Labels = circuit.Labels,
                Context = () => Describe(circuit.GetSummary()),
            });
        }
    }

    private static string Name(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "half-open",
        CircuitState.Open => "open",
        _ => "isolated",
    };

    private static double Value(CircuitState state) => state switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    };

    private static Dictionary<string, string> Describe(CircuitBreakerSummary summary) => new()
    {
        ["state"] = summary.State.ToString(),
        ["reason"] = summary.LastTransitions.Count > 0 ? summary.LastTransitions[0].Reason : "",
        ["lastError"] = summary.LastError ?? "",
        ["trips"] = summary.Trips.ToString(CultureInfo.InvariantCulture),
        ["rejections"] = summary.Rejections.ToString(CultureInfo.InvariantCulture),
        ["retryAfterSeconds"] = summary.RetryAfter.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture),
    };
}
