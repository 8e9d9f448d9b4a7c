using BenchmarkDotNet.Attributes;
using Monitoring.TaskQueues;

namespace Monitoring.Benchmarks;

/// <summary>What the loop pays once a second for the detectors of fifty queues, and a request for asking one of them.</summary>
[MemoryDiagnoser]
public class BackpressureBenchmarks
{
    private const int Queues = 50;
    private const int Types = 5;

    private PerformanceMonitor _monitor = null!;
    private IAdmission _admission = null!;

    [GlobalSetup]
    public void Setup()
    {
        _monitor = PerformanceMonitor.Create();
        _admission = _monitor.TaskQueue.Admission;
        var random = new Random(1);
        for (var i = 0; i < Queues; i++)
        {
            var name = i == 0 ? TaskQueueMonitor.DefaultQueue : $"queue-{i}";
            var queue = new BoundedTaskQueue(new TaskQueueOptions());
            var monitored = queue.WithMonitoring(_monitor, workers: 8, name: name);
            var recorder = _monitor.TaskQueue.Queue(name);
            for (var n = 0; n < 500; n++)
            {
                var task = BackgroundTask.Create(static _ => ValueTask.CompletedTask, (TaskPriority)(n % 3), $"type-{n % Types}");
                monitored.TryEnqueue(task);
                if (n >= 20)
                {
                    queue.DequeueAsync(default).AsTask().GetAwaiter().GetResult();
                    recorder.OnDequeued(task, recorder.GetTimestamp());
                    recorder.OnCompleted(task, TimeSpan.FromMilliseconds(random.Next(1, 500)));
                }
            }
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _monitor.Dispose();

    [Benchmark(Description = "detectors of 50 queues with 5 task types, once")]
    public void Tick() => _monitor.TaskQueue.Tick();

    [Benchmark(Description = "admission asked once")]
    public bool Admit() => _admission.Admit(TaskPriority.Low).IsAdmitted;
}
