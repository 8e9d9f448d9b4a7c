using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts;

/// <summary>An alert manager with readings, a clock, a store and notifiers that a test plays with.</summary>
internal sealed class AlertStage : IDisposable
{
    private readonly IAlertNotifier[] _notifiers;

    public AlertStage(Action<AlertOptions>? configure = null, params IAlertNotifier[] notifiers)
        : this(new InMemoryStateStore(), configure, notifiers)
    {
    }

    public AlertStage(IStateStore store, Action<AlertOptions>? configure = null, params IAlertNotifier[] notifiers)
    {
        configure?.Invoke(Options);
        _notifiers = [Notices, .. notifiers];
        Store = store;
        Errors = new InternalErrors(NullLogger.Instance, Clock);
        Alerts = Make();
    }

    public FakeClock Clock { get; } = new();

    /// <summary>Whoever asks hears of every change: none waits for others.</summary>
    public AlertOptions Options { get; } = new() { GroupWait = TimeSpan.Zero, GroupInterval = TimeSpan.Zero };

    public FakeSource Source { get; } = new();

    public FakeSource OtherSource { get; } = new();

    public NoticeCollector Notices { get; } = new();

    public InternalErrors Errors { get; }

    public AlertManager Alerts { get; private set; }

    /// <summary>Where the manager keeps what outlives it.</summary>
    public IStateStore Store { get; }

    /// <summary>What else may explain an alert.</summary>
    public Func<IReadOnlyDictionary<string, string>>? Circumstances { get; set; }

    public Alert Only => Alerts.GetActive().Should().ContainSingle().Subject;

    public void Latency(double milliseconds, string operation = "GET") =>
        Source.Set(new MetricReading(MetricNames.RedisOperationLatency, milliseconds, operation, Count: 100));

    /// <summary>Evaluates once a second, and lets the channels tell what can be told.</summary>
    public void Run(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Alerts.Evaluate();
            Alerts.IdleAsync().WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
        }
    }

    /// <summary>Ends the manager in good order and makes another one over the same store, clock, sources and channels.</summary>
    public async Task RestartAsync()
    {
        await Alerts.DisposeAsync();
        await StartAnotherAsync();
    }

    /// <summary>
    /// Makes another manager as after a crash: the old one is left where it stands, and what it has not yet written is lost.
    /// Wait for what is to survive before.
    /// </summary>
    public async Task StartAnotherAsync()
    {
        Alerts = Make();
        await Alerts.RestoreAsync();
    }

    public void Dispose() => Alerts.Dispose();

    private AlertManager Make() =>
        new(Clock, Options, [Source, OtherSource], _notifiers, Errors, store: Store, circumstances: () => Circumstances?.Invoke() ?? new Dictionary<string, string>());
}

/// <summary>Readings that a test sets; the long window may differ from the short one.</summary>
internal sealed class FakeSource : IMetricSource
{
    private readonly Dictionary<(string, string?), (MetricReading Short, MetricReading Long)> _readings = [];

    public List<TimeSpan> Windows { get; } = [];

    public Exception? Failure { get; set; }

    public void Set(MetricReading reading, MetricReading? longReading = null) =>
        _readings[(reading.Metric, reading.Instance)] = (reading, longReading ?? reading);

    public void Clear() => _readings.Clear();

    public void Collect(ICollection<MetricReading> readings, TimeSpan window)
    {
        Windows.Add(window);
        foreach (var (shorter, longer) in _readings.Values)
        {
            readings.Add(window > TimeSpan.FromSeconds(10) ? longer : shorter);
        }

        if (Failure is not null)
        {
            throw Failure;
        }
    }
}

/// <summary>A notifier that keeps what it is told, in order.</summary>
internal sealed class NoticeCollector : IAlertNotifier
{
    private readonly Channel<Alert> _notices = Channel.CreateUnbounded<Alert>();

    public string Name => "collector";

    public Task<string?> NotifyAsync(AlertNotice notice, CancellationToken cancellationToken)
    {
        // Without the token: a fake clock runs through the notifier's timeout while this thread waits for a processor.
        foreach (var entry in notice.Entries)
        {
            _notices.Writer.TryWrite(entry.Alert).Should().BeTrue();
        }

        return Task.FromResult<string?>(null);
    }

    /// <summary>The next notice; waits for it, since delivery has a thread of its own.</summary>
    public async Task<Alert> NextAsync() => await _notices.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>What has arrived once the manager is disposed, which lets everything out.</summary>
    public async Task<List<Alert>> RestAsync(AlertManager alerts)
    {
        await alerts.DisposeAsync();
        var notices = new List<Alert>();
        while (_notices.Reader.TryRead(out var notice))
        {
            notices.Add(notice);
        }

        return notices;
    }
}
