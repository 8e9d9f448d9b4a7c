using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

public sealed class ConsoleNotifierTests : NotifierConformance
{
    private readonly Writes _writer = new();

    private protected override IAlertNotifier Notifier => new ConsoleNotifier(new ConsoleNotifierOptions(), _writer);

    private protected override IReadOnlyList<string> Arrived => _writer.Texts;

    private protected override int LongestArrival => 200_000;

    private protected override IAlertNotifier CreateBroken() => new ConsoleNotifier(new ConsoleNotifierOptions(), new Writes { Failure = new IOException("disk full") });

    private protected override (int Told, int Counted) CountOf(IReadOnlyList<string> arrived) => People.CountOf(arrived.Single());

    [Theory]
    [MemberData(nameof(AnyText))]
    public async Task An_alert_is_one_line_whatever_its_text(string text)
    {
        await Notifier.NotifyAsync(Notices.Firing with { Message = text }, CancellationToken.None);

        var line = Arrived.Single();
        line.Should().EndWith(Environment.NewLine);
        line[..^Environment.NewLine.Length].Should().NotContainAny("\r", "\n", "\u001b", "\u202e", "\u2028", "\u0000");
    }

    [Fact]
    public async Task Writes_what_a_person_reads()
    {
        await Notifier.NotifyAsync(Notices.Of(Notices.Escalated, Notices.Resolved), CancellationToken.None);

        Arrived.Single().ReplaceLineEndings("\n").Should().Be("""
            2026-01-01 12:00:00Z [CRITICAL] redis-operation-latency.get went from WARNING to CRITICAL: Redis GET: 95th percentile of latency is 120 ms; the warning threshold is 100 ms. (value 700 ms, threshold 500 ms)
            2026-01-01 12:00:00Z [RESOLVED] redis-operation-latency.get is resolved after 00:05:00 by ada: Redis GET: 95th percentile of latency is 120 ms; the warning threshold is 100 ms. (peak 700 ms, threshold 500 ms)

            """.ReplaceLineEndings("\n"));
    }

    private sealed class Writes : StringWriter
    {
        private readonly List<string> _texts = [];

        public Exception? Failure { get; init; }

        public IReadOnlyList<string> Texts => _texts;

        public override void Write(System.Text.StringBuilder? value)
        {
            if (Failure is not null)
            {
                throw Failure;
            }

            _texts.Add(value!.ToString());
        }
    }
}
