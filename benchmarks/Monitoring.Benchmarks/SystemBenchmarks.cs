using BenchmarkDotNet.Attributes;
using Monitoring.SystemResources;

namespace Monitoring.Benchmarks;

/// <summary>One sample of the system, which is taken every five seconds in the background, and what it costs to read the last one.</summary>
[MemoryDiagnoser]
public class SystemBenchmarks
{
    private readonly SystemSampler _sampler = new(new SystemFiles(), OperatingSystem.IsLinux());
    private PerformanceMonitor _monitor = null!;

    [GlobalSetup]
    public void Setup()
    {
        _monitor = PerformanceMonitor.Create();
        for (var i = 0; i < 720; i++)
        {
            _monitor.SystemResources.Sample();
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _monitor.Dispose();

    /// <summary>Reads everything; one in twelve looks at mounts and control groups anew.</summary>
    [Benchmark]
    public object Sample() => _sampler.Sample();

    /// <summary>The summary over an hour of samples.</summary>
    [Benchmark]
    public object Summary() => _monitor.SystemResources.GetSummary();
}
