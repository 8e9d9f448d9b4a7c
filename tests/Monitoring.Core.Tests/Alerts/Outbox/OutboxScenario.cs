using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts.Outbox;

/// <summary>What can happen to a service and its channels.</summary>
internal enum Happening
{
    Value,
    ValueAgain,
    Answer,
    Flap,
    Time,
    LongTime,
    Silence,
    SilenceEnds,
    Acknowledged,
    ResolvedByHand,
    ClockSet,
    Restart,
    Crash,
}

/// <summary>A whole alert manager with five channels of different tempers, of which one always works; it crashes and comes back over one store.</summary>
internal sealed class OutboxScenario : IDisposable
{
    private static readonly string[] Operations = ["A", "B", "C", "D"];
    private static readonly double[] Values = [0, 0, 120, 300, 700, 5000];

    private readonly FakeClock _clock = new();
    private readonly FakeSource _source = new();
    private readonly InternalErrors _errors;
    private readonly InMemoryStateStore _store = new();
    private readonly ScriptedNotifier _steady = new("steady");
    private readonly ScriptedNotifier[] _channels;
    private readonly HashSet<string> _fired = [];
    private readonly Dictionary<(int Process, string Channel), long> _unfinished = [];
    private readonly AlertOptions _options = new()
    {
        GroupWait = TimeSpan.FromSeconds(1),
        GroupInterval = TimeSpan.FromSeconds(5),
        RepeatInterval = TimeSpan.FromMinutes(1),
        KeepFiringFor = TimeSpan.FromSeconds(2),
        FlapWindow = TimeSpan.FromMinutes(1),
        ReopenAfter = TimeSpan.FromMinutes(1),
        ResolvedCapacity = 10_000,
    };

    private CrashingProcess _process = null!;
    private AlertManager _alerts = null!;
    private int _processes;

    public OutboxScenario()
    {
        _errors = new InternalErrors(NullLogger.Instance, _clock);
        _channels =
        [
            _steady,
            new ScriptedNotifier("rough", Rough(new AlertChannelOptions())),
            new ScriptedNotifier("critical", Rough(new AlertChannelOptions { MinimumSeverity = AlertSeverity.Critical, MinimumInterval = TimeSpan.FromSeconds(3) })),
            new ScriptedNotifier("boss", Rough(new AlertChannelOptions { EscalateAfter = TimeSpan.FromSeconds(10) })),
            new ScriptedNotifier("forgetful", Rough(new GroupingTests.Forgetful { RepeatInterval = TimeSpan.FromSeconds(15) })),
        ];
        Start();
    }

    public void Let(Happening happening, int dice)
    {
        var operation = Operations[dice % Operations.Length];
        switch (happening)
        {
            case Happening.Value or Happening.ValueAgain:
                Set(operation, Values[dice / 4 % Values.Length]);
                Run(1 + (dice % 3));
                break;
            case Happening.Answer:
                _channels[1 + (dice % (_channels.Length - 1))].Answer = (Answer)(dice / 5 % (int)Answer.Gone);
                break;
            case Happening.Flap:
                for (var i = 0; i < 4; i++)
                {
                    Set(operation, i % 2 == 0 ? 700 : 0);
                    Run(3);
                }

                break;
            case Happening.Time:
                Run(dice % 10);
                break;
            case Happening.LongTime:
                Run(dice % 90);
                break;
            case Happening.Silence:
                _alerts.Silences.Add(new Silence
                {
                    Matchers = [new LabelMatcher("instance", operation)],
                    StartsAt = _clock.GetUtcNow(),
                    EndsAt = _clock.GetUtcNow() + TimeSpan.FromSeconds(1 + (dice % 60)),
                    Author = "ada",
                    Reason = "test",
                });
                break;
            case Happening.SilenceEnds:
                EndSilences();
                break;
            case Happening.Acknowledged:
                _alerts.Acknowledge(KeyOf(operation), by: "ada");
                break;
            case Happening.ResolvedByHand:
                _alerts.Resolve(KeyOf(operation), by: "ada");
                break;
            case Happening.ClockSet:
                _clock.JumpWallClock(TimeSpan.FromSeconds((dice % 2 == 0 ? 1 : -1) * dice));
                break;
            case Happening.Restart:
                Note();
                _alerts.Dispose();
                Run(6, evaluate: false);
                Crash();
                break;
            case Happening.Crash:
                Crash();
                break;
        }
    }

    /// <summary>Every receiver works again, nothing is wrong any more, and time passes.</summary>
    public void HealAndEnd()
    {
        foreach (var channel in _channels)
        {
            channel.Answer = Answer.Takes;
        }

        EndSilences();
        _source.Clear();
        Run(300);
    }

    public void Check()
    {
        _alerts.GetActive().Should().BeEmpty();
        foreach (var status in _alerts.GetNotifiers())
        {
            status.Should().BeEquivalentTo(new { Pending = 0, Waiting = 0, IsGone = false }, "{0}", status.Name);
        }

        foreach (var id in _fired)
        {
            _alerts.GetDeliveries(id).Select(delivery => delivery.Channel).Should().Equal(_channels.Select(channel => channel.Name), "each channel knows what became of {0}", id);
        }

        foreach (var (channel, index) in _channels.Select((channel, index) => (channel, index)))
        {
            Check(channel, id => _alerts.GetDeliveries(id)[index]);
        }
    }

    public void Dispose()
    {
        _process.Crash();
        _alerts.Dispose();
    }

    private void Check(ScriptedNotifier channel, Func<string, AlertDelivery> deliveryOf)
    {
        var unfinished = 0;
        var heard = channel.Heard.ToLookup(entry => entry.Alert.Id);
        foreach (var id in _fired)
        {
            var delivery = deliveryOf(id);
            var reasons = heard[id].Select(entry => entry.Reason).ToList();
            switch (delivery.Outcome)
            {
                case AlertDeliveryOutcome.Delivered:
                    // Only whose answer was lost so long that the notice was given up hears of an end again, under another id.
                    var story = $"{channel.Name} heard {string.Join(", ", reasons)} of {id}";
                    var ends = reasons.SkipWhile(reason => reason is not (AlertNoticeReason.Resolved or AlertNoticeReason.FiredAndResolved)).ToList();
                    reasons.Should().NotBeEmpty(story);
                    ends.Should().NotContain(reason => reason != AlertNoticeReason.Resolved && reason != AlertNoticeReason.FiredAndResolved, story);
                    (channel == _steady ? ends.Count : 1).Should().Be(1, story);
                    unfinished += ends.Count == 0 ? 1 : 0;
                    break;
                case AlertDeliveryOutcome.Suppressed:
                    delivery.Reason.Should().NotBeNull();
                    reasons.Should().BeEmpty("{0} said that it was {1}", channel.Name, delivery.Reason);
                    break;
                case AlertDeliveryOutcome.Failed:
                    delivery.Reason.Should().BeOneOf("gave-up", "refused");
                    break;
                default:
                    throw new InvalidOperationException($"{channel.Name} left {id} undecided.");
            }
        }

        // Whose receiver refused to hear of the end for as long as it is tried is counted, and nobody else.
        unfinished.Should().BeLessThanOrEqualTo((int)_unfinished.Where(pair => pair.Key.Channel == channel.Name).Sum(pair => pair.Value), channel.Name);
    }

    private static AlertChannelOptions Rough(AlertChannelOptions options)
    {
        options.Timeout = TimeSpan.FromSeconds(5);
        options.MaxRetryDelay = TimeSpan.FromSeconds(20);
        options.GiveUpAfter = TimeSpan.FromSeconds(90);
        return options;
    }

    private void Run(int seconds, bool evaluate = true)
    {
        // A clock that moves while a channel works out when to wake would set its timer too late.
        Settle();
        for (; seconds > 0; seconds--)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            if (evaluate)
            {
                _alerts.Evaluate();
            }

            Settle();
            Note();
            foreach (var status in _alerts.GetNotifiers())
            {
                _unfinished[(_processes, status.Name)] = status.Unfinished;
                (status.Delivered + status.Suppressed.Values.Sum() + status.Failed.Values.Sum() + status.Pending).Should().Be(status.Fired, "{0}", status);
            }
        }
    }

    private void Settle() => _alerts.IdleAsync().WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();

    private void Note()
    {
        foreach (var alert in _alerts.GetActive())
        {
            _fired.Add(alert.Id);
        }
    }

    private void Crash()
    {
        _process.Crash();
        _alerts.Dispose();

        // Who fired and was neither written down nor told of is not known to anybody: it fires anew.
        var known = _store.ReadAsync("alert", CancellationToken.None).AsTask().Result;
        _fired.RemoveWhere(id => !known.Any(document => document.Value!.Contains(id)) && !_channels.Any(channel => channel.Heard.Any(entry => entry.Alert.Id == id)));
        Start();
    }

    private void Start()
    {
        _processes++;
        _process = new CrashingProcess(_store, _channels);
        _alerts = new AlertManager(_clock, _options, [_source], _process.Notifiers, _errors, store: _process.Store);
        _alerts.RestoreAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult();
    }

    private void EndSilences()
    {
        foreach (var silence in _alerts.Silences.GetAll().Where(silence => silence.EndsAt > _clock.GetUtcNow()))
        {
            _alerts.Silences.Expire(silence.Id);
        }
    }

    private void Set(string operation, double value) => _source.Set(new MetricReading(MetricNames.RedisOperationLatency, value, operation, Count: 100));

    private static string KeyOf(string operation) => $"redis-operation-latency.{operation.ToLowerInvariant()}";
}
