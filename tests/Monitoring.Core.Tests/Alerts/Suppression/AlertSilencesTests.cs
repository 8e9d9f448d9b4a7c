using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Alerts;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Alerts.Suppression;

public sealed class AlertSilencesTests : IDisposable
{
    private static readonly LabelMatcher[] Redis = [new("category", "redis")];

    private readonly FakeClock _clock = new();
    private readonly InMemoryStateStore _store = new();
    private readonly InternalErrors _errors;
    private readonly StateJournal _journal;
    private readonly AuditLog _audit;
    private readonly AlertSilences _silences;

    public AlertSilencesTests()
    {
        _errors = new InternalErrors(NullLogger.Instance, _clock);
        _journal = new StateJournal(_store, _errors);
        _audit = new AuditLog(_clock);
        _silences = new AlertSilences(_clock, _journal, _audit, _errors);
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    public static TheoryData<string, Func<Silence, DateTimeOffset, Silence>, string> Wrong => new()
    {
        { "matchers", (silence, _) => silence with { Matchers = [] }, "0 matchers; allowed: 1 to 20" },
        { "matchers", (silence, _) => silence with { Matchers = null! }, "0 matchers; allowed: 1 to 20" },
        { "matchers", (silence, _) => silence with { Matchers = [null!] }, "allowed: 1 to 20" },
        { "matchers", (silence, _) => silence with { Matchers = [.. Enumerable.Repeat(Redis[0], 21)] }, "21 matchers" },
        { "matchers", (silence, _) => silence with { Matchers = [new("alertname", "(", IsRegex: true)] }, "'('" },
        { "matchers", (silence, _) => silence with { Matchers = [new("alertname", ".*", IsRegex: true), new("severity", "", IsEqual: false)] }, "all alerts" },
        { "endsAt", (silence, now) => silence with { EndsAt = now.AddMinutes(-1) }, "allowed: later than 2026-01-01T00:00:00Z" },
        { "endsAt", (silence, now) => silence with { StartsAt = now.AddHours(-2), EndsAt = now.AddHours(-1) }, "is past" },
        { "endsAt", (silence, now) => silence with { StartsAt = now.AddHours(2), EndsAt = now.AddHours(1) }, "not after the start" },
        { "endsAt", (silence, now) => silence with { EndsAt = now.AddDays(366).AddSeconds(1) }, "allowed: until 2027-01-02T00:00:00Z" },
        { "author", (silence, _) => silence with { Author = " " }, "not set; allowed: 1 to 200" },
        { "author", (silence, _) => silence with { Author = new string('a', 201) }, "201 characters" },
        { "reason", (silence, _) => silence with { Reason = null! }, "not set; allowed: 1 to 1000" },
        { "reason", (silence, _) => silence with { Reason = new string('a', 1001) }, "1001 characters" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_silence_is_refused_and_the_field_is_named(string field, Func<Silence, DateTimeOffset, Silence> spoil, string message)
    {
        var wrong = spoil(Hours(1), Now);

        var error = _silences.Check(wrong).Should().ContainSingle().Subject;
        error.Field.Should().Be(field);
        error.Message.Should().Contain(message);
        FluentActions.Invoking(() => _silences.Add(wrong)).Should().Throw<ArgumentException>().WithMessage($"*{field}*{message}*");
        _silences.GetAll().Should().BeEmpty();
        _audit.GetEntries().Should().BeEmpty();
    }

    [Fact]
    public void A_silence_is_added_changed_and_ended_and_each_change_is_noted()
    {
        var added = _silences.Add(Hours(2));
        added.Id.Should().MatchRegex("^[0-9a-f]{32}$");
        added.Should().BeEquivalentTo(Hours(2) with { Id = added.Id, StartsAt = Now, CreatedAt = Now });
        added.GetState(Now).Should().Be(SilenceState.Active);
        _clock.Advance(TimeSpan.FromMinutes(10));

        _silences.Update(added with { EndsAt = Now.AddHours(5), CreatedAt = default }, "bob").Should().Be(SilenceOutcome.Changed);
        var changed = _silences.Find(added.Id)!;
        (changed.EndsAt, changed.CreatedAt).Should().Be((Now.AddHours(5), added.CreatedAt));

        _silences.Expire(added.Id, "carol").Should().Be(SilenceOutcome.Changed);
        _silences.Find(added.Id)!.Should().Match<Silence>(silence => silence.EndsAt == Now && silence.GetState(Now) == SilenceState.Ended && !silence.IsActive(Now));
        _silences.Expire(added.Id).Should().Be(SilenceOutcome.AlreadyEnded);
        _silences.Update(added with { EndsAt = Now.AddHours(1) }).Should().Be(SilenceOutcome.AlreadyEnded);
        _silences.Expire("nobody").Should().Be(SilenceOutcome.NotFound);
        _silences.Update(added with { Id = "nobody" }).Should().Be(SilenceOutcome.NotFound);
        _audit.GetEntries().Select(entry => (entry.Action, entry.By, entry.Target)).Should().Equal(
            ("silence.expire", "carol", added.Id), ("silence.update", "bob", added.Id), ("silence.add", "alice", added.Id));
        _audit.GetEntries()[^1].Note.Should().Be("category=redis until 2026-01-01T02:00:00Z: failover");
    }

    [Fact]
    public void A_silence_that_has_yet_to_begin_can_be_called_off()
    {
        var planned = _silences.Add(Hours(5) with { StartsAt = Now.AddHours(3) });
        planned.GetState(Now).Should().Be(SilenceState.Pending);

        _silences.Expire(planned.Id);

        _silences.Find(planned.Id)!.GetState(Now.AddHours(4)).Should().Be(SilenceState.Ended);
    }

    [Fact]
    public void One_that_has_ended_is_forgotten_after_a_day()
    {
        var added = _silences.Add(Hours(1));
        _clock.Advance(TimeSpan.FromHours(25));
        _silences.Forget(Now);
        _silences.Find(added.Id).Should().NotBeNull();

        _clock.Advance(TimeSpan.FromSeconds(1));
        _silences.Forget(Now);

        _silences.GetAll().Should().BeEmpty();
    }

    [Fact]
    public void There_are_a_thousand_at_most_and_ended_ones_give_way()
    {
        var first = _silences.Add(Hours(1));
        for (var i = 1; i < 1000; i++)
        {
            _silences.Add(Hours(2));
        }

        FluentActions.Invoking(() => _silences.Add(Hours(1))).Should().Throw<InvalidOperationException>().WithMessage("*1000*");
        _clock.Advance(TimeSpan.FromMinutes(90));
        _silences.Add(Hours(2)).Should().NotBeNull();
        _silences.Find(first.Id).Should().BeNull();
        _silences.GetAll().Should().HaveCount(1000);
    }

    [Fact]
    public async Task Silences_outlive_a_restart()
    {
        var (kept, ended, old) = (_silences.Add(Hours(48)), _silences.Add(Hours(24)), _silences.Add(Hours(1)));
        _silences.Expire(ended.Id);
        await _journal.FlushAsync(default);
        _clock.Advance(TimeSpan.FromHours(23));
        var restarted = await RestartAsync();

        restarted.GetAll().Should().BeEquivalentTo(_silences.GetAll(), options => options.WithStrictOrdering());
        restarted.Find(kept.Id)!.Matchers.Should().Equal(Redis);

        _clock.Advance(TimeSpan.FromHours(3));
        (await RestartAsync()).GetAll().Should().ContainSingle().Which.Id.Should().Be(kept.Id);
        old.GetState(Now).Should().Be(SilenceState.Ended);
    }

    [Fact]
    public async Task What_cannot_be_read_is_counted_and_costs_nothing_else()
    {
        var kept = _silences.Add(Hours(48));
        await _journal.FlushAsync(default);
        await _store.WriteAsync(
            [
                new("silence", "1", "{"), new("silence", "2", "{}"), new("silence", "3", "null"),
                new("silence", "4", """{"id":"4","matchers":[{"label":"a","value":"(","isRegex":true}],"author":"a","reason":"b"}"""),
                new("silence", "5", """{"id":"5","matchers":[null],"author":"a","reason":"b"}"""),
            ],
            default);

        (await RestartAsync()).GetAll().Should().ContainSingle().Which.Id.Should().Be(kept.Id);
        _errors.Count.Should().BeGreaterThan(3);
    }

    [Fact]
    public async Task What_is_changed_before_the_restored_ones_are_read_is_newer()
    {
        var added = _silences.Add(Hours(48));
        await _journal.FlushAsync(default);
        _silences.Expire(added.Id);

        await _silences.RestoreAsync(default);

        _silences.Find(added.Id)!.GetState(Now).Should().Be(SilenceState.Ended);
    }

    [Fact]
    public async Task Many_threads_lose_no_change()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () => Enumerable.Range(0, 50).Select(_ =>
            {
                var id = _silences.Add(Hours(1)).Id;
                _silences.Expire(id).Should().Be(SilenceOutcome.Changed);
                return _silences.Add(Hours(1)).Id;
            }).ToList(),
            TaskCreationOptions.LongRunning)));

        var all = _silences.GetAll();
        all.Should().HaveCount(800);
        all.Where(silence => silence.GetState(Now) == SilenceState.Active).Select(silence => silence.Id).Should().BeEquivalentTo(ids.SelectMany(static some => some));
    }

    public void Dispose() => _journal.Dispose();

    private Silence Hours(int hours) => new() { Matchers = Redis, EndsAt = SomeAlert.Start.AddHours(hours), Author = "alice", Reason = "failover" };

    private async Task<AlertSilences> RestartAsync()
    {
        var restarted = new AlertSilences(_clock, _journal, _audit, _errors);
        await restarted.RestoreAsync(default);
        return restarted;
    }
}
