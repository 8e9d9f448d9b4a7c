using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.CircuitBreakers;

namespace Monitoring.Benchmarks;

/// <summary>What a circuit costs a call: while closed, and when it is refused. Run with --filter *CircuitBreaker*.</summary>
[MemoryDiagnoser]
public class CircuitBreakerBenchmarks
{
    private readonly CircuitBreaker _closed = NewCircuit("closed");
    private readonly CircuitBreaker _open = NewCircuit("open");

    public CircuitBreakerBenchmarks() => _open.Isolate();

    [Benchmark(Description = "IsClosed, then ReportSuccess")]
    public bool ReportSuccess()
    {
        var closed = _closed.IsClosed;
        _closed.ReportSuccess();
        return closed;
    }

    [Benchmark(Description = "refusal without an exception")]
    public bool Refuse() => _open.TryEnter(out _);

    [Benchmark(Description = "refusal as a faulted task")]
    public bool RefuseAsync() => _open.ExecuteAsync(static _ => Task.FromResult(0), 0).IsFaulted;

    [Benchmark(Description = "refusal thrown")]
    public bool RefuseAndThrow()
    {
        try
        {
            return _open.Execute(static _ => true, 0);
        }
        catch (CircuitOpenException)
        {
            return false;
        }
    }

    private static CircuitBreaker NewCircuit(string name) =>
        new CircuitBreakerRegistry(TimeProvider.System, new CircuitBreakerOptions(), NullLogger.Instance).GetOrAdd(name, static _ => true);
}
