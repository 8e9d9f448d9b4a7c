using System.Diagnostics;
using System.Globalization;
using Monitoring.Latency;
using Monitoring.Telemetry;

namespace Monitoring.SystemResources;

/// <summary>
/// Processor, memory, disks, network and the runtime, sampled in the background: who asks gets the last sample and waits for
/// nothing. Thread-safe.
/// </summary>
/// <remarks>
/// Two samples never overlap (<c>_sampling</c>), so the sampler and the reading before are used by one thread at a time. What
/// is shown is one immutable object, replaced by each sample and read without a lock.
/// </remarks>
public sealed class SystemMonitor : IMetricSource, IDisposable
{
    private const int FewestRates = 3;
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    private readonly TimeProvider _timeProvider;
    private readonly SystemOptions _options;
    private readonly InternalErrors _errors;
    private readonly SystemSampler? _sampler;
    private readonly UsageHistory _history;
    private readonly ITimer? _timer;
    private readonly long _createdAt;
    private readonly DateTimeOffset? _startedAt;
    private readonly TimeSpan _ageAtCreation;

    private int _sampling;

    // Only by who samples.
    private SystemReading? _before;
    private TimeSpan _beforeAt;

    private Snapshot _latest = new(new SystemSummary(), TimeSpan.Zero, 0);

    internal SystemMonitor(SliceClock clock, SystemOptions options, InternalErrors errors, ISystemFiles? files = null)
    {
        _timeProvider = clock.TimeProvider;
        _options = options;
        _errors = errors;
        _createdAt = _timeProvider.GetTimestamp();
        _history = new UsageHistory(options.SampleInterval);
        if (!options.Enabled)
        {
            return;
        }

        try
        {
            _sampler = new SystemSampler(files ?? new SystemFiles(), files is not null || OperatingSystem.IsLinux());
            (_startedAt, _ageAtCreation) = Start();
            _timer = _timeProvider.CreateTimer(static state => ((SystemMonitor)state!).Sample(), this, TimeSpan.Zero, options.SampleInterval);
        }
        catch (Exception exception)
        {
            // A platform that refuses even this has no system page; the service starts all the same.
            errors.Report("system", exception);
        }
    }

    /// <summary>The last sample, and processor and memory over the last <paramref name="window"/>; an hour by default and at most.</summary>
    public SystemSummary GetSummary(TimeSpan? window = null)
    {
        var asked = window is { } some && some < LongestWindow ? some : LongestWindow;
        var latest = Volatile.Read(ref _latest).Summary;
        var now = _timeProvider.GetElapsedTime(_createdAt);
        var samples = _history.Since(now - asked);
        var cpu = UsageHistory.Of(samples, static usage => usage.Cpu);
        var memory = UsageHistory.Of(samples, static usage => usage.Memory);
        return latest with
        {
            Window = asked,
            Count = samples.Length,
            Cpu = latest.Cpu with { MinimumPercent = cpu.Minimum, AveragePercent = cpu.Average, MaximumPercent = cpu.Maximum },
            Memory = latest.Memory with { MinimumPercent = memory.Minimum, AveragePercent = memory.Average, MaximumPercent = memory.Maximum },
            Process = latest.Process with { StartedAt = _startedAt, Uptime = _ageAtCreation + now, MachineUptime = TimeSpan.FromMilliseconds(Environment.TickCount64) },
            History = UsageHistory.ToPoints(samples),
        };
    }

    /// <inheritdoc/>
    /// <remarks>Nothing of a sample that is three intervals old: then sampling hangs, and what was is not what is.</remarks>
    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(readings);
        var latest = Volatile.Read(ref _latest);
        var now = _timeProvider.GetElapsedTime(_createdAt);
        if (latest.Summary.SampledAt is null || now - latest.At > 3 * _options.SampleInterval)
        {
            return;
        }

        // At least the last sample, however short the window is. The start of a process is busy by nature.
        var since = TimeSpan.FromTicks(Math.Min((now - window).Ticks, latest.At.Ticks));
        var cpu = UsageHistory.Of(_history.Since(since), static usage => usage.Cpu);
        var summary = latest.Summary;
        if (latest.Rates >= FewestRates && cpu.Count > 0)
        {
            readings.Add(new MetricReading(MetricNames.CpuUsage, cpu.Average, Count: cpu.Count) { Context = () => Describe(summary) });
        }

        if (summary.Memory.UsagePercent is { } memory)
        {
            readings.Add(new MetricReading(MetricNames.MemoryUsage, memory) { Context = () => Describe(summary) });
        }

        foreach (var disk in summary.Disks)
        {
            readings.Add(new MetricReading(MetricNames.DiskUsage, disk.UsedPercent, disk.Name) { Context = () => Describe(disk) });
        }
    }

    /// <summary>Stops sampling. The last sample can still be read.</summary>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Takes a sample unless one is under way.</summary>
    internal void Sample()
    {
        if (_sampler is null || Interlocked.Exchange(ref _sampling, 1) == 1)
        {
            return;
        }

        try
        {
            var at = _timeProvider.GetElapsedTime(_createdAt);
            var reading = _sampler.Sample();
            var summary = SystemRates.Between(_before, reading, at - _beforeAt, _options) with { SampledAt = _timeProvider.GetUtcNow() };
            (_before, _beforeAt) = (reading, at);
            _history.Add(new Usage(at, summary.SampledAt.Value, (float?)summary.Cpu.UsagePercent, (float?)summary.Memory.UsagePercent));
            Volatile.Write(ref _latest, new Snapshot(summary, at, _latest.Rates + (summary.Cpu.UsagePercent is null ? 0 : 1)));
        }
        catch (Exception exception)
        {
            _errors.Report("system", exception);
        }
        finally
        {
            Volatile.Write(ref _sampling, 0);
        }
    }

    private static (DateTimeOffset? StartedAt, TimeSpan Age) Start()
    {
        using var process = Process.GetCurrentProcess();
        var startedAt = new DateTimeOffset(process.StartTime);
        var age = TimeProvider.System.GetUtcNow() - startedAt;
        return (startedAt.ToUniversalTime(), age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }

    private static Dictionary<string, string> Describe(SystemSummary summary)
    {
        Dictionary<string, string> context = new()
        {
            ["processors"] = summary.Cpu.AllowedProcessors.ToString("0.##", CultureInfo.InvariantCulture),
            ["workingSet"] = Size(summary.Memory.WorkingSetBytes),
            ["managedHeap"] = Size(summary.Memory.ManagedHeapBytes),
            ["threadPoolQueue"] = summary.ThreadPool.QueueLength.ToString(CultureInfo.InvariantCulture),
        };
        if (summary.Cpu.ProcessPercent is { } process)
        {
            context["process"] = string.Create(CultureInfo.InvariantCulture, $"{process:0.#} % cpu");
        }

        if ((summary.Memory.ContainerLimitBytes ?? summary.Memory.MachineTotalBytes) is { } memory)
        {
            context["memory"] = Size(memory);
        }

        return context;
    }

    private static Dictionary<string, string> Describe(DiskSummary disk) => new()
    {
        ["format"] = disk.Format,
        ["available"] = Size(disk.AvailableBytes),
        ["total"] = Size(disk.TotalBytes),
    };

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0} MiB");

    private sealed record Snapshot(SystemSummary Summary, TimeSpan At, int Rates);
}
