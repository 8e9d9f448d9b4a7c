using System.Globalization;

namespace StandIns.Tests;

[Collection(OnSharedServer.Name)]
public sealed class ReplyTests(SharedServer server)
{
    [Theory]
    [InlineData(Wire.Resp2)]
    [InlineData(Wire.Resp3)]
    public async Task Arrays_in_arrays_come_back_in_shape(Wire wire)
    {
        await using var redis = await server.ConnectAsync(wire);

        var reply = await redis.GetDatabase().ScriptEvaluateAsync("return {1, {2, {3, 'four', {}}}, 'five', {{{{6}}}}}");

        reply.Length.Should().Be(4);
        ((int)reply[1][1][0]).Should().Be(3);
        ((string?)reply[1][1][1]).Should().Be("four");
        reply[1][1][2].Length.Should().Be(0);
        ((int)reply[3][0][0][0][0]).Should().Be(6);
    }

    [Fact]
    public async Task Streams_come_back_with_their_fields()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var (one, two) = (Client.Key(), Client.Key());
        foreach (var stream in new[] { one, two })
        {
            await db.StreamCreateConsumerGroupAsync(stream, "group", StreamPosition.Beginning);
            for (var i = 0; i < 3; i++)
                await db.StreamAddAsync(stream, [new("number", i), new("text", "x")]);
        }

        var read = await db.StreamReadAsync([new(one, StreamPosition.Beginning), new(two, StreamPosition.Beginning)]);
        var claimed = await db.StreamReadGroupAsync(one, "group", "worker", StreamPosition.NewMessages, 2);
        var pending = await db.StreamPendingAsync(one, "group");
        var details = await db.StreamPendingMessagesAsync(one, "group", 10, "worker");
        var info = await db.StreamGroupInfoAsync(one);

        read.Select(s => s.Entries.Length).Should().Equal(3, 3);
        read[1].Entries[2]["number"].Should().Be((RedisValue)2);
        (claimed.Length, pending.PendingMessageCount, details.Length).Should().Be((2, 2, 2));
        pending.Consumers.Single().PendingMessageCount.Should().Be(2);
        info.Single().Lag.Should().Be(1);
    }

    [Fact]
    public async Task Scores_fields_and_places_come_back_in_pairs()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var (board, hash, map) = (Client.Key(), Client.Key(), Client.Key());
        await db.SortedSetAddAsync(board, [new("a", 1.5), new("b", 2.5), new("c", double.PositiveInfinity)]);
        await db.HashSetAsync(hash, [new("x", 1), new("y", 2)]);
        await db.GeoAddAsync(map, [new(13.361389, 38.115556, "Palermo"), new(15.087269, 37.502669, "Catania")]);

        (await db.SortedSetRangeByRankWithScoresAsync(board)).Select(e => e.Score).Should().Equal(1.5, 2.5, double.PositiveInfinity);
        (await db.HashGetAllAsync(hash)).ToStringDictionary().Should().Equal(new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        (await db.GeoPositionAsync(map, ["Catania", "Palermo"])).Select(p => Math.Round(p!.Value.Longitude)).Should().Equal(15, 13);
        var near = await db.GeoRadiusAsync(map, 15, 37, 200, GeoUnit.Kilometers, order: Order.Ascending, options: GeoRadiusOptions.WithDistance);
        near.Select(r => ((string?)r.Member, r.Distance > 0)).Should().Equal(("Catania", true), ("Palermo", true));
    }

    [Fact]
    public async Task A_scan_sees_every_key()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase(5);
        var prefix = Client.Key("scan").ToString();
        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => db.StringSetAsync($"{prefix}:{i}", i)));

        var keys = new HashSet<string>();
        await foreach (var key in redis.GetServers().Single().KeysAsync(5, $"{prefix}:*", pageSize: 100))
            keys.Add(key.ToString());

        keys.Should().HaveCount(2_000);
    }

    [Fact]
    public async Task A_hundred_thousand_elements_come_back_and_small_replies_after_them()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var list = Client.Key();
        var expected = Enumerable.Range(0, 100_000).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        foreach (var chunk in expected.Chunk(10_000))
            await db.ListRightPushAsync(list, chunk.Select(s => (RedisValue)s).ToArray());

        for (var i = 0; i < 3; i++)
        {
            (await db.ListRangeAsync(list)).ToStringArray().Should().Equal(expected);
            (await db.ListRangeAsync(list, 5, 7)).ToStringArray().Should().Equal("5", "6", "7");
        }
    }

    [Fact]
    public async Task Scripts_run_by_their_digest()
    {
        await using var redis = await server.ConnectAsync();
        var digest = await redis.GetServers().Single().ScriptLoadAsync("return {KEYS[1], ARGV[1]}");

        var reply = await redis.GetDatabase().ScriptEvaluateAsync(digest, ["key"], ["argument"]);

        ((string[]?)reply).Should().Equal("key", "argument");
        var unknown = () => redis.GetDatabase().ScriptEvaluateAsync(new byte[20]);
        (await unknown.Should().ThrowAsync<RedisServerException>()).Which.Message.Should().Contain("NOSCRIPT");
    }

    [Fact]
    public async Task An_error_keeps_its_text_and_spoils_nothing_around_it()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var key = Client.Key();
        await db.StringSetAsync(key, "text");

        var before = db.StringGetAsync(key);
        var wrong = db.ListLengthAsync(key);
        var after = db.StringGetAsync(key);

        (await before, await after).Should().Be(((RedisValue)"text", (RedisValue)"text"));
        var failing = () => wrong;
        (await failing.Should().ThrowAsync<RedisServerException>()).Which.Message.Should().StartWith("WRONGTYPE");
    }
}
