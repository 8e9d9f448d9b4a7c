using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.Telemetry;

public sealed class AuditLogTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly InMemoryStateStore _store = new();
    private readonly InternalErrors _errors;
    private readonly StateJournal _journal;

    public AuditLogTests()
    {
        _errors = new InternalErrors(NullLogger.Instance, _clock);
        _journal = new StateJournal(_store, _errors);
    }

    [Fact]
    public void Changes_are_listed_newest_first_with_their_time()
    {
        var log = new AuditLog(_clock);
        log.Add("alert.resolve", "a", "alice", "done");
        _clock.Advance(TimeSpan.FromSeconds(1));
        log.Add("queue.pause", "tasks");

        log.GetEntries().Should().BeEquivalentTo(
            [new AuditEntry(_clock.GetUtcNow(), null, "queue.pause", "tasks"), new AuditEntry(_clock.GetUtcNow().AddSeconds(-1), "alice", "alert.resolve", "a", "done")],
            options => options.WithStrictOrdering().Excluding(entry => entry.Id));
        log.GetEntries().Select(entry => entry.Id).Should().OnlyHaveUniqueItems().And.NotContain("");
    }

    [Fact]
    public void It_keeps_no_more_than_a_thousand_and_no_longer_texts_than_it_says()
    {
        var log = new AuditLog(_clock);
        var long_ = new string('x', 5000);
        for (var i = 0; i < 1200; i++)
        {
            log.Add($"action-{i}", long_, long_, long_);
        }

        var entries = log.GetEntries();
        entries.Should().HaveCount(1000);
        (entries[0].Action, entries[^1].Action).Should().Be(("action-1199", "action-200"));
        (entries[0].Target.Length, entries[0].By!.Length, entries[0].Note!.Length).Should().Be((200, 200, 1000));
    }

    [Fact]
    public async Task Changes_outlive_a_restart_and_the_store_forgets_what_the_log_does()
    {
        var log = Kept(out _);
        for (var i = 0; i < 1100; i++)
        {
            log.Add($"action-{i}", "target", "alice");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await _journal.FlushAsync(default);
        (await _store.ReadAsync("audit", default)).Should().HaveCount(1000);
        var restarted = Kept(out var journal);
        restarted.Add("action-new", "target");
        await journal.RestoreAsync(default);

        restarted.GetEntries().Select(entry => entry.Action).Should().Equal(["action-new", .. log.GetEntries().Take(999).Select(entry => entry.Action)]);
        await _journal.FlushAsync(default);
        (await _store.ReadAsync("audit", default)).Select(document => document.Key).Should().BeEquivalentTo(restarted.GetEntries().Select(entry => entry.Id));
    }

    [Fact]
    public async Task What_cannot_be_read_is_counted_and_costs_nothing_else()
    {
        Kept(out _).Add("action", "target");
        await _journal.FlushAsync(default);
        await _store.WriteAsync([new("audit", "1", "{"), new("audit", "2", "7"), new("audit", "3", "null")], default);

        var restarted = Kept(out var journal);
        await journal.RestoreAsync(default);

        restarted.GetEntries().Should().ContainSingle().Which.Action.Should().Be("action");
        _errors.Count.Should().Be(2);
    }

    [Fact]
    public async Task Many_threads_lose_no_change()
    {
        var log = Kept(out _);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    log.Add($"{thread}-{i}", "target");
                }
            },
            TaskCreationOptions.LongRunning)));

        log.GetEntries().Select(entry => entry.Action).Should().BeEquivalentTo(from thread in Enumerable.Range(0, 8) from i in Enumerable.Range(0, 100) select $"{thread}-{i}");
    }

    public void Dispose() => _journal.Dispose();

    private AuditLog Kept(out AuditJournal journal)
    {
        var log = new AuditLog(_clock);
        journal = new AuditJournal(log, _journal, _errors);
        return log;
    }
}
