using System.Security.Cryptography;

namespace StandIns.Tests;

[Collection(OnSharedServer.Name)]
public sealed class ValueTests(SharedServer server)
{
    [Fact]
    public async Task Strings_and_keys_of_any_script_come_back()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        foreach (var text in new[] { "plain", "Grüße", "Ключ", "鍵", "🔑 with spaces\r\nand a line" })
        {
            var key = Client.Key(text);

            await db.StringSetAsync(key, text);

            ((string?)await db.StringGetAsync(key)).Should().Be(text);
            ((string?)db.StringGet(key)).Should().Be(text);
        }
    }

    [Fact]
    public async Task Every_byte_comes_back_and_empty_is_not_null()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var (binary, empty, missing) = (Client.Key(), Client.Key(), Client.Key());
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();

        await db.StringSetAsync([new(binary, bytes), new(empty, RedisValue.EmptyString)]);
        var values = await db.StringGetAsync([binary, empty, missing]);

        ((byte[]?)values[0]).Should().Equal(bytes);
        (values[1].IsNull, values[1].Length()).Should().Be((false, 0));
        values[2].IsNull.Should().BeTrue();
    }

    [Theory]
    [InlineData(Wire.Resp2)]
    [InlineData(Wire.Resp3)]
    [InlineData(Wire.Tls)]
    public async Task Twenty_megabytes_go_there_and_back(Wire wire)
    {
        await using var redis = await server.ConnectAsync(wire);
        var db = redis.GetDatabase();
        var key = Client.Key();
        var bytes = RandomNumberGenerator.GetBytes(20_000_000);

        // Small ones around it: what follows a large value on the wire must not be swallowed by it.
        var before = db.StringSetAsync(key.Append(":before"), 1);
        var set = db.StringSetAsync(key, bytes);
        var after = db.StringIncrementAsync(key.Append(":before"));
        await Task.WhenAll(before, set, after);
        var got = db.StringGetAsync(key);
        var last = db.StringIncrementAsync(key.Append(":before"));

        ((byte[]?)await got).AsSpan().SequenceEqual(bytes).Should().BeTrue();
        (await last).Should().Be(3);
        await db.KeyDeleteAsync(key);
    }

    [Fact]
    public async Task A_lease_holds_the_bytes_until_it_is_disposed()
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        var key = Client.Key();
        var bytes = RandomNumberGenerator.GetBytes(100_000);
        await db.StringSetAsync(key, bytes);

        using var lease = await db.StringGetLeaseAsync(key);
        for (var i = 0; i < 50; i++)
            await db.StringGetAsync(key);

        lease!.Span.SequenceEqual(bytes).Should().BeTrue();
    }

    [Fact]
    public async Task Two_databases_keep_their_keys_apart()
    {
        await using var redis = await server.ConnectAsync();
        var key = Client.Key();

        // Interleaved, so that the client has to switch on one connection again and again.
        var sets = Enumerable.Range(0, 100).Select(i => redis.GetDatabase(i % 2 + 1).StringSetAsync(key, i % 2 + 1));
        await Task.WhenAll(sets);

        ((int)await redis.GetDatabase(1).StringGetAsync(key)).Should().Be(1);
        ((int)await redis.GetDatabase(2).StringGetAsync(key)).Should().Be(2);
    }

    [Fact]
    public void A_digest_is_the_XXH3_of_its_bytes()
    {
        // Published vector of XXH3 (64 bits, seed 0) for no bytes.
        ValueCondition.CalculateDigest(ReadOnlySpan<byte>.Empty).ToString()
            .Should().ContainEquivalentOf("2d06800538d394c2");
    }
}
