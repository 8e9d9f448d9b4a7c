using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.Telemetry;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

public sealed class LogNotifierTests : NotifierConformance
{
    private readonly RecordingLog _log = new();

    private protected override IAlertNotifier Notifier => new LogNotifier(_log);

    private protected override IReadOnlyList<string> Arrived => [.. _log.Entries.Select(entry => entry.Text)];

    private protected override int LongestArrival => 1_000_000;

    private protected override IAlertNotifier CreateBroken() => new LogNotifier(new RecordingLog { Failure = new IOException("disk full") });

    private protected override (int Told, int Counted) CountOf(IReadOnlyList<string> arrived) => People.CountOf(string.Join('\n', arrived));

    [Fact]
    public async Task A_text_from_outside_forges_no_line()
    {
        await Notifier.NotifyAsync(Notices.Resolved with { Message = "one\r\ntwo", ResolvedBy = "ada\nbob" }, CancellationToken.None);

        Arrived.Should().ContainSingle().Which.Should().NotContainAny("\r", "\n");
    }

    [Fact]
    public async Task Writes_levels_event_ids_and_fields()
    {
        foreach (var alert in new[] { Notices.Firing, Notices.Escalated, Notices.Resolved })
        {
            await Notifier.NotifyAsync(alert, CancellationToken.None);
        }

        _log.Entries.Select(entry => (entry.Level, entry.Id)).Should().Equal(
            (LogLevel.Warning, EventIds.AlertFiring),
            (LogLevel.Error, EventIds.AlertSeverityChanged),
            (LogLevel.Information, EventIds.AlertResolved));
        _log.Entries.First().Fields.Should().Contain("AlertKey", Notices.Firing.Key).And.Contain("Value", 120.0).And.Contain("Threshold", 100.0).And.Contain("Unit", "ms");
        _log.Entries.Last().Fields.Should().Contain("ResolvedBy", "ada").And.Contain("Duration", TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_storm_of_ten_thousand_alerts_is_a_hundred_lines_and_a_count()
    {
        await Notifier.NotifyAsync(Notices.Many(10_000), CancellationToken.None);

        _log.Entries.Should().HaveCount(101);
        _log.Entries.Last().Id.Should().Be(EventIds.AlertsLeftOut);
        _log.Entries.Last().Text.Should().Contain("9,900");
    }

    private sealed record Entry(LogLevel Level, int Id, string Text, Dictionary<string, object?> Fields);

    private sealed class RecordingLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<Entry> Entries { get; } = new();

        public Exception? Failure { get; init; }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            Entries.Enqueue(new Entry(logLevel, eventId.Id, formatter(state, exception), ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary()));
        }

        public void Dispose()
        {
        }
    }
}
