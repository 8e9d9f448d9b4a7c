namespace StandIns.Tests;

[Collection(OnSharedServer.Name)]
public sealed class PipelineTests(SharedServer server)
{
    [Theory]
    [InlineData(Wire.Resp2)]
    [InlineData(Wire.Resp3)]
    [InlineData(Wire.Tls)]
    public async Task Replies_come_in_the_order_of_the_requests(Wire wire)
    {
        await using var redis = await server.ConnectAsync(wire);
        var db = redis.GetDatabase();
        var key = Client.Key();

        var counts = await Task.WhenAll(Enumerable.Range(0, 20_000).Select(_ => db.StringIncrementAsync(key)));

        counts.Should().Equal(Enumerable.Range(1, 20_000).Select(i => (long)i));
    }

    [Fact]
    public async Task Replies_of_mixed_sizes_reach_who_asked()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var random = new Random(7);

        // Sizes around the segment size and the flush threshold, all in one pipeline.
        var sizes = Enumerable.Range(0, 400).Select(i => i % 20 == 0 ? 300_000 : random.Next(0, 20_000)).ToArray();
        var echoes = await Task.WhenAll(sizes.Select(async (size, i) =>
        {
            var sent = new byte[size];
            Array.Fill(sent, (byte)i);
            return ((byte[]?)await db.ExecuteAsync("ECHO", sent)).AsSpan().SequenceEqual(sent);
        }));

        echoes.Should().AllBeEquivalentTo(true);
    }

    [Fact]
    public async Task A_batch_runs_when_it_is_executed()
    {
        await using var redis = await server.ConnectAsync();
        var key = Client.Key();
        var batch = redis.GetDatabase().CreateBatch();
        var counts = Enumerable.Range(0, 500).Select(_ => batch.StringIncrementAsync(key)).ToArray();
        counts.Should().NotContain(t => t.IsCompleted);

        batch.Execute();

        (await Task.WhenAll(counts)).Should().BeInAscendingOrder().And.HaveCount(500);
    }

    [Fact]
    public async Task A_transaction_returns_the_results_of_its_parts()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var (list, hash) = (Client.Key(), Client.Key());
        var transaction = db.CreateTransaction();
        transaction.AddCondition(Condition.KeyNotExists(list));
        var pushed = transaction.ListRightPushAsync(list, [1, 2, 3]);
        var set = transaction.HashSetAsync(hash, "field", "value");
        var range = transaction.ListRangeAsync(list);
        var fields = transaction.HashGetAllAsync(hash);

        (await transaction.ExecuteAsync()).Should().BeTrue();

        ((await pushed), (await set)).Should().Be((3L, true));
        (await range).Select(v => (int)v).Should().Equal(1, 2, 3);
        (await fields).Single().Name.Should().Be((RedisValue)"field");
    }

    [Fact]
    public async Task A_transaction_whose_condition_fails_does_nothing()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var key = Client.Key();
        await db.StringSetAsync(key, "old");
        var transaction = db.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(key, "something else"));
        var set = transaction.StringSetAsync(key, "new");

        (await transaction.ExecuteAsync()).Should().BeFalse();

        await Task.WhenAny(set);
        set.IsCanceled.Should().BeTrue();
        ((string?)await db.StringGetAsync(key)).Should().Be("old");
    }

    [Fact]
    public async Task Callers_that_block_await_and_forget_share_a_connection()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var key = Client.Key();

        var blocking = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 500; i++)
                    db.StringIncrement(key);
            },
            TaskCreationOptions.LongRunning));
        var awaiting = Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 500; i++)
                await db.StringIncrementAsync(key);
        });
        for (var i = 0; i < 1_000; i++)
            db.StringIncrement(key, flags: CommandFlags.FireAndForget);
        await Task.WhenAll(blocking.Concat(awaiting));

        ((int)await db.StringGetAsync(key)).Should().Be(5_000);
    }
}
