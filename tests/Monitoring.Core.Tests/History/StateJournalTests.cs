using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.History;
using Monitoring.Telemetry;
using Monitoring.TestSupport;

namespace Monitoring.Core.Tests.History;

public sealed class StateJournalTests
{
    private readonly InMemoryStateStore _documents = new();
    private readonly InternalErrors _errors = new(NullLogger.Instance, new FakeClock());

    [Fact]
    public async Task Writes_the_last_of_several_changes()
    {
        using var journal = new StateJournal(_documents, _errors);
        journal.Put("alert", "a", () => throw new InvalidOperationException("nobody asks for this one"));
        journal.Put("alert", "a", () => "2");
        journal.Put("alert", "b", () => "3");
        journal.Delete("alert", "b");

        (await journal.FlushAsync(CancellationToken.None)).Should().BeTrue();

        (await journal.ReadAsync("alert", CancellationToken.None)).Should().Equal(new StateDocument("alert", "a", "2"));
        _errors.Count.Should().Be(0);
    }

    [Fact]
    public async Task Keeps_what_a_failing_store_did_not_take_unless_it_has_changed_since()
    {
        var store = new FailingStore(_documents) { Fails = true };
        using var journal = new StateJournal(store, _errors);
        journal.Put("alert", "a", () => "1");
        journal.Put("alert", "b", () => "1");
        (await journal.FlushAsync(CancellationToken.None)).Should().BeFalse();
        journal.Put("alert", "b", () => "2");

        store.Fails = false;
        (await journal.FlushAsync(CancellationToken.None)).Should().BeTrue();

        (await journal.ReadAsync("alert", CancellationToken.None)).Should().BeEquivalentTo([new StateDocument("alert", "a", "1"), new("alert", "b", "2")]);
        _errors.Count.Should().Be(1);
    }

    [Fact]
    public async Task A_document_that_cannot_be_put_into_words_does_not_keep_the_others_out()
    {
        using var journal = new StateJournal(_documents, _errors);
        journal.Put("alert", "a", () => throw new InvalidOperationException("no words"));
        journal.Put("alert", "b", () => "1");

        (await journal.FlushAsync(CancellationToken.None)).Should().BeTrue();

        (await journal.ReadAsync("alert", CancellationToken.None)).Should().Equal(new StateDocument("alert", "b", "1"));
        journal.HasChanges.Should().BeFalse();
        _errors.Count.Should().Be(1);
    }

    [Fact]
    public async Task What_was_noted_before_a_flush_is_in_the_store_after_it_whoever_else_flushes()
    {
        using var journal = new StateJournal(_documents, _errors);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var (key, value) = ($"{writer}", $"{i}");
                journal.Put("alert", key, () => value);
                await journal.FlushAsync(CancellationToken.None);
                (await journal.ReadAsync("alert", CancellationToken.None)).Should().Contain(new StateDocument("alert", key, value));
            }
        })));
    }

    private sealed class FailingStore(IStateStore inner) : IStateStore
    {
        public bool Fails { get; set; }

        public ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind, CancellationToken cancellationToken) => inner.ReadAsync(kind, cancellationToken);

        public ValueTask WriteAsync(IReadOnlyList<StateDocument> documents, CancellationToken cancellationToken) =>
            Fails ? throw new IOException("away") : inner.WriteAsync(documents, cancellationToken);
    }
}
