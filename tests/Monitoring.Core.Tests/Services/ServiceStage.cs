using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Latency;
using Monitoring.Services;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Services;

/// <summary>Services on a clock that stands still. A probe that answers at once does so on the thread that moves the clock.</summary>
internal sealed class ServiceStage : IDisposable
{
    public const string Name = "orders";

    private readonly SliceClock _slices;

    /// <param name="options">Those of the services.</param>
    /// <param name="early">How much too early timers fire.</param>
    public ServiceStage(ServiceOptions? options = null, TimeSpan early = default)
    {
        _slices = new SliceClock(early == default ? Clock : new EarlyTimers(Clock, early));
        Errors = new InternalErrors(NullLogger.Instance, Clock);
        Audit = new AuditLog(Clock);
        Monitor = new ServiceMonitor(_slices, options ?? new ServiceOptions(), Errors, Audit, NullLogger.Instance);
    }

    public FakeClock Clock { get; } = new();

    public InternalErrors Errors { get; }

    public AuditLog Audit { get; }

    public ServiceMonitor Monitor { get; }

    /// <summary>How often the probe was called.</summary>
    public int Calls { get; private set; }

    /// <summary>What the probe answers; may throw.</summary>
    public Func<ServiceProbeResult> Answer { get; set; } = static () => ServiceProbeResult.Healthy;

    public ServiceHealth Service => Monitor.GetSummary().Services.Single(service => service.Name == Name);

    /// <summary>Watches a service every ten seconds, without jitter.</summary>
    public ServiceStage Watch(Action<ServiceProbeOptions>? configure = null, ServiceProbe? probe = null)
    {
        var options = new ServiceProbeOptions { Interval = TimeSpan.FromSeconds(10), JitterPercent = 0 };
        configure?.Invoke(options);
        Monitor.Add(Name, probe ?? Ask, options).Should().BeTrue();
        return this;

        ValueTask<ServiceProbeResult> Ask(CancellationToken token)
        {
            Calls++;
            return ValueTask.FromResult(Answer());
        }
    }

    /// <summary>Has the service asked so many times, at once and every ten seconds.</summary>
    public ServiceHealth Ask(Func<ServiceProbeResult> answer, int times = 1)
    {
        Answer = answer;
        for (var i = 0; i < times; i++)
        {
            Clock.Advance(Calls == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(10));
        }

        return Service;
    }

    public ServiceHealth Fail(int times = 1) => Ask(static () => ServiceProbeResult.Critical("It is gone."), times);

    public ServiceHealth Succeed(int times = 1) => Ask(static () => ServiceProbeResult.Healthy, times);

    public MetricReading? Reading()
    {
        List<MetricReading> readings = [];
        Monitor.Collect(readings, TimeSpan.FromMinutes(1));
        return readings.Count == 0 ? null : readings.Single(reading => reading.Metric == MetricNames.ServiceHealth && reading.Instance == Name);
    }

    public void Dispose()
    {
        Monitor.Dispose();
        _slices.Dispose();
    }

    private sealed class EarlyTimers(TimeProvider clock, TimeSpan early) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.CreateTimer(callback, state, dueTime > early ? dueTime - early : dueTime, period);
    }
}
