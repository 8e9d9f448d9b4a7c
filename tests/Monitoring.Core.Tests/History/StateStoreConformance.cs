using Monitoring.History;

namespace Monitoring.Core.Tests.History;

/// <summary>What every store of documents must do; one class derives from it for each.</summary>
public abstract class StateStoreConformance
{
    private protected abstract IStateStore Store { get; }

    [Fact]
    public async Task Holds_nothing_at_first() => (await ReadAsync("alert")).Should().BeEmpty();

    [Fact]
    public async Task Gives_back_what_was_written_last_and_only_of_the_kind_that_is_asked_for()
    {
        await WriteAsync(new("alert", "a", "1"), new("alert", "b", "2"), new("silence", "a", "3"));
        await WriteAsync(new("alert", "b", "4"), new("alert", "c", ""));

        (await ReadAsync("alert")).Should().BeEquivalentTo([new StateDocument("alert", "a", "1"), new("alert", "b", "4"), new("alert", "c", "")]);
        (await ReadAsync("silence")).Should().Equal(new StateDocument("silence", "a", "3"));
    }

    [Fact]
    public async Task Deletes_what_has_no_value_even_if_it_was_never_there()
    {
        await WriteAsync(new("alert", "a", "1"), new("alert", "b", "2"));
        await WriteAsync(new("alert", "a", null), new("alert", "never", null));

        (await ReadAsync("alert")).Should().Equal(new StateDocument("alert", "b", "2"));
    }

    [Fact]
    public async Task Tells_keys_apart_by_every_character()
    {
        await WriteAsync(new("alert", "Key", "1"), new("alert", "key", "2"), new("alert", "key ", "3"), new("alert", "schlüssel/\u2603", "4"), new("alert", new string('k', 400), "5"));

        (await ReadAsync("alert")).Should().HaveCount(5);
    }

    [Fact]
    public async Task Keeps_any_text()
    {
        var text = "{\"quote\":\"\\\"\",\"snow\":\"\u2603\ud83d\ude00\"}" + new string('x', 100_000);
        await WriteAsync(new StateDocument("alert", "a", text));

        (await ReadAsync("alert")).Single().Value.Should().Be(text);
    }

    [Fact]
    public async Task Loses_nothing_that_several_threads_write()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await WriteAsync(new("alert", $"{writer}-{i}", $"{i}"), new("alert", $"shared-{i}", $"{writer}"));
            }
        })));

        (await ReadAsync("alert")).Should().HaveCount(8 * 50 + 50);
    }

    private ValueTask<IReadOnlyList<StateDocument>> ReadAsync(string kind) => Store.ReadAsync(kind, CancellationToken.None);

    private ValueTask WriteAsync(params StateDocument[] documents) => Store.WriteAsync(documents, CancellationToken.None);
}

public sealed class InMemoryStateStoreTests : StateStoreConformance
{
    private protected override IStateStore Store { get; } = new InMemoryStateStore();
}
