using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Streams;

/// <summary>Failed tasks, unreadable ones, and a Redis that loses its keys, stalls or dies.</summary>
public sealed class TroubleTests
{
    [Fact]
    public async Task A_failed_task_comes_back_after_its_delay_with_its_attempts()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        var task = StreamsFixture.Task(1, TaskPriority.High);
        task.DeduplicationKey = "kept";
        await queue.EnqueueAsync(task);
        var taken = await StreamsFixture.TakeAsync(queue);
        taken.Attempt++;

        (await ((ISettlingTaskQueue)queue).TryRetryAsync(taken, TimeSpan.FromMilliseconds(800))).Should().BeTrue();

        (await streams.LengthAsync()).Should().Be(0);
        (await streams.PendingAsync()).Should().Be(0);
        (await streams.Database.SortedSetLengthAsync(streams.Keys.Delayed)).Should().Be(1);
        (await streams.Database.KeyExistsAsync(streams.Keys.Deduplication("kept"))).Should().BeTrue("it is not done yet");
        var again = await StreamsFixture.TakeAsync(queue);
        (again.Id, again.Attempt, again.DeliveryCount, again.Priority).Should().Be((task.Id, 1, 2, TaskPriority.High));
        await ((ISettlingTaskQueue)queue).CompleteAsync(again);
        (await streams.Database.KeyExistsAsync(streams.Keys.Deduplication("kept"))).Should().BeFalse();
    }

    [Fact]
    public async Task Dead_letters_are_kept_up_to_their_number_listed_newest_first_and_enqueued_again()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync(options => options.DeadLetterCapacity = 3);
        for (var i = 0; i < 5; i++)
        {
            var task = StreamsFixture.Task(i, TaskPriority.Low);
            task.DeduplicationKey = $"key-{i}";
            await queue.EnqueueAsync(task);
            await BuryAsync(queue, await StreamsFixture.TakeAsync(queue));
        }

        var letters = await queue.GetDeadLettersAsync();

        letters.Should().HaveCount(3).And.BeInDescendingOrder(letter => letter.At);
        letters.Should().AllSatisfy(letter => (letter.Reason, letter.Attempts, letter.ExceptionType, letter.Priority)
            .Should().Be((DeadLetterReason.AttemptsExhausted, 3, "System.TimeoutException", TaskPriority.Low)));
        (await queue.GetDeadLettersAsync(1)).Single().Id.Should().Be(letters[0].Id);
        (await streams.LengthAsync()).Should().Be(0);
        (await streams.Database.KeyExistsAsync(streams.Keys.Deduplication("key-4"))).Should().BeFalse("a dead letter keeps nobody out");

        (await queue.RedriveAsync("unknown")).Should().Be(0);
        (await queue.RedriveAsync(letters[1].Id)).Should().Be(1);
        var redriven = await StreamsFixture.TakeAsync(queue);
        (redriven.Id, redriven.Attempt, redriven.DeliveryCount, redriven.Priority).Should().Be((letters[1].Id, 0, 1, TaskPriority.Low));
        (await streams.Database.KeyExistsAsync(streams.Keys.Deduplication("key-3"))).Should().BeTrue("it is in the queue again");
        (await queue.RedriveAsync()).Should().Be(2);
        (await queue.GetDeadLettersAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Dead_letters_go_back_only_where_there_is_room()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync(options => options.Capacity = 2);
        for (var i = 0; i < 3; i++)
        {
            await queue.EnqueueAsync(StreamsFixture.Task(i));
            await BuryAsync(queue, await StreamsFixture.TakeAsync(queue));
        }

        (await queue.RedriveAsync()).Should().Be(2);

        (await queue.GetDeadLettersAsync()).Should().ContainSingle();
    }

    [Theory]
    [InlineData("No message is configured under the name 'ghost'.", "n", "ghost", "i", "1", "p", "{}")]
    [InlineData("The payload is no 'numbered':*", "n", "numbered", "i", "2", "p", "{\"number\":\"x\"")]
    [InlineData("The payload is no 'numbered': The payload is null.", "n", "numbered", "i", "3", "p", "null")]
    [InlineData("The entry has no task id*", "n", "numbered", "p", "{}")]
    [InlineData("*are no numbers in range.", "n", "numbered", "i", "5", "p", "{}", "a", "-1")]
    public async Task What_cannot_be_read_becomes_a_dead_letter_with_the_raw_entry(string problem, params string[] fields)
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        await streams.AddRawAsync(fields);
        await queue.EnqueueAsync(StreamsFixture.Task(42));

        StreamsFixture.NumberOf(await StreamsFixture.TakeAsync(queue)).Should().Be(42, "it must not stop those behind it");

        var letter = (await queue.GetDeadLettersAsync()).Single();
        letter.Reason.Should().Be(DeadLetterReason.Malformed);
        letter.Message.Should().Match(problem);
        letter.Id.Should().NotBeEmpty();
        (await streams.LengthAsync()).Should().Be(1);
        ((byte[])(await streams.Database.StreamRangeAsync(streams.Keys.Dead)).Single()["raw"]!).Should().Contain(System.Text.Encoding.UTF8.GetBytes(fields[^1]));
        (await queue.RedriveAsync(letter.Id)).Should().Be(1, "once its name is known, it can be tried again");
    }

    [Fact]
    public async Task A_malformed_entry_that_is_too_long_is_cut_and_not_enqueued_again()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync(options => options.MaxPayloadBytes = 100);
        await streams.AddRawAsync("n", "ghost", "i", "1", "p", new string('x', 100_000));
        await queue.EnqueueAsync(StreamsFixture.Task(42));
        await StreamsFixture.TakeAsync(queue);

        ((byte[])(await streams.Database.StreamRangeAsync(streams.Keys.Dead)).Single()["raw"]!).Length.Should().BeLessThan(10_000);
        (await queue.RedriveAsync()).Should().Be(0);
        (await queue.GetDeadLettersAsync()).Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_queue_whose_keys_were_deleted_goes_on(bool everything)
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        await queue.EnqueueAsync(StreamsFixture.Task(1));
        var lost = await StreamsFixture.TakeAsync(queue);
        var taking = StreamsFixture.TakeAsync(queue);
        if (everything)
        {
            await streams.Bystander.GetServers().Single().FlushAllDatabasesAsync();
        }
        else
        {
            await streams.Database.KeyDeleteAsync(streams.Keys.Streams);
        }

        await queue.EnqueueAsync(StreamsFixture.Task(2));

        var taken = await taking;
        StreamsFixture.NumberOf(taken).Should().Be(2);

        // What it still held is settled without a word.
        await ((ISettlingTaskQueue)queue).CompleteAsync(lost);
        await ((ISettlingTaskQueue)queue).CompleteAsync(taken);
        queue.HeldCount.Should().Be(0);
        (await streams.PendingAsync()).Should().Be(0);
        (await streams.LengthAsync()).Should().Be(0);
        streams.Log.Lines.Should().Contain(line => line.Event == 1340);
    }

    [Fact]
    public async Task What_was_settled_while_redis_stood_still_is_settled_when_it_goes_on()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var (queue, other) = (await streams.NodeAsync(), await streams.NodeAsync());
        await queue.EnqueueAsync(StreamsFixture.Task(1));
        var taken = await StreamsFixture.TakeAsync(queue);
        streams.Server.Stall();

        var settling = ((ISettlingTaskQueue)queue).CompleteAsync(taken).AsTask();
        await settling.WaitAsync(StreamsFixture.Patience);
        queue.HeldCount.Should().Be(1, "Redis has not said that it knows");
        streams.Server.Continue();

        await StreamsFixture.EventuallyAsync(() => queue.HeldCount == 0, "it should be settled in the background");
        await StreamsFixture.EventuallyAsync(async () => await streams.LengthAsync() == 0, "the entry should be gone");
        await StreamsFixture.TakeNothingAsync(other);
    }

    [Fact]
    public async Task A_redis_that_is_killed_and_comes_back_with_its_file_has_lost_nothing()
    {
        await using var streams = await StreamsFixture.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        var queue = await streams.NodeAsync();
        for (var i = 0; i < 5; i++)
        {
            await queue.EnqueueAsync(StreamsFixture.Task(i));
        }

        var running = await StreamsFixture.TakeAsync(queue);
        await streams.Server.KillAsync();
        var settling = ((ISettlingTaskQueue)queue).CompleteAsync(running).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await streams.Server.RestartAsync();

        await settling.WaitAsync(StreamsFixture.Patience);
        var seen = new HashSet<int>();
        while (seen.Count < 4)
        {
            var task = await StreamsFixture.TakeAsync(queue);
            seen.Add(StreamsFixture.NumberOf(task));
            await ((ISettlingTaskQueue)queue).CompleteAsync(task);
        }

        seen.Should().BeEquivalentTo(Enumerable.Range(0, 5).Except([StreamsFixture.NumberOf(running)]));
        await StreamsFixture.EventuallyAsync(async () => await streams.LengthAsync() == 0 && await streams.PendingAsync() == 0, "nothing should be left");
    }

    [Fact]
    public async Task A_server_without_xackdel_is_told_in_two_commands()
    {
        await using var streams = await StreamsFixture.StartAsync();
        var queue = await streams.NodeAsync();
        await queue.EnqueueAsync(StreamsFixture.Task(1));
        var task = await StreamsFixture.TakeAsync(queue);
        queue.Store.UseAcknowledgeAndDelete();

        await ((ISettlingTaskQueue)queue).CompleteAsync(task);

        (await streams.LengthAsync()).Should().Be(0);
        (await streams.PendingAsync()).Should().Be(0);
        var version = streams.Bystander.GetServers().Single().Version;
        queue.Store.UsesAcknowledgeAndDelete.Should().Be(version >= new Version(8, 2));
    }

    private static async Task BuryAsync(RedisTaskQueue queue, BackgroundTask task) => await ((ISettlingTaskQueue)queue).DeadLetterAsync(task, new DeadLetter
    {
        Id = task.Id,
        TypeName = task.TypeName,
        Priority = task.Priority,
        Reason = DeadLetterReason.AttemptsExhausted,
        Attempts = 3,
        ExceptionType = "System.TimeoutException",
        Message = "It took too long.",
    });
}
