using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class StringSteps
{
    private static readonly DateTime Far = new(2045, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static Family All { get; } = new("strings")
    {
        db => db.StringSetAsync("text", "value"),
        db => db.StringSetAsync("text", "other", when: When.NotExists),
        db => db.StringSetAsync("absent", "other", when: When.Exists),
        db => db.StringSetAsync("timed", "value", TimeSpan.FromHours(1)),
        db => db.StringSetAsync("timed", "again", null, true),
        db => db.StringSetAsync([new("many1", "1"), new("many2", "2")]),
        db => db.StringSetAsync([new("many1", "x"), new("many3", "3")], When.NotExists),
        db => db.StringSetAsync("binary", new byte[] { 0, 1, 2, 255 }),
        db => db.StringSetAsync("empty", RedisValue.EmptyString),
        db => db.StringSetAsync("gone", RedisValue.Null),
        db => db.StringGetAsync("text"),
        db => db.StringGetAsync("absent"),
        db => db.StringGetAsync("binary"),
        db => db.StringGetAsync("empty"),
        db => db.StringGetAsync(new RedisKey[] { "text", "absent", "many2" }),
        db => db.StringGetAsync(Array.Empty<RedisKey>()),
        db => db.StringGetLeaseAsync("text"),
        db => db.StringGetLeaseAsync("absent"),
        db => db.StringGetRangeAsync("text", 1, 3),
        db => db.StringGetSetAsync("text", "new"),
        db => db.StringSetAndGetAsync("text", "newer", TimeSpan.FromHours(1)),
        db => db.StringSetAndGetAsync("text", "newest", null, true, When.NotExists),
        db => db.StringGetSetExpiryAsync("text", TimeSpan.FromHours(2)),
        db => db.StringGetSetExpiryAsync("text", Far),
        db => db.StringGetWithExpiryAsync("timed"),
        db => db.StringGetWithExpiryAsync("absent"),
        db => db.StringGetDeleteAsync("many2"),
        db => db.StringGetDeleteAsync("many2"),
        db => db.StringAppendAsync("log", "one"),
        db => db.StringAppendAsync("log", ", two"),
        db => db.StringLengthAsync("log"),
        db => db.StringSetRangeAsync("log", 5, "TWO"),
        db => db.StringIncrementAsync("count"),
        db => db.StringIncrementAsync("count", 41),
        db => db.StringDecrementAsync("count", 2),
        db => db.StringIncrementAsync("amount", 1.5),
        db => db.StringDecrementAsync("amount", 0.25),
        db => db.StringIncrementAsync("log"),
        db => db.StringLongestCommonSubsequenceAsync("log", "text"),
        db => db.StringLongestCommonSubsequenceLengthAsync("log", "text"),
        db => db.StringLongestCommonSubsequenceWithMatchesAsync("log", "text"),
    };

    public static Family Bits { get; } = new("bits")
    {
        db => db.StringSetBitAsync("bits", 7, true),
        db => db.StringSetBitAsync("bits", 7, false),
        db => db.StringSetBitAsync("bits", 12, true),
        db => db.StringGetBitAsync("bits", 12),
        db => db.StringGetBitAsync("bits", 4000),
        db => db.StringBitCountAsync("bits"),
        db => db.StringBitCountAsync("bits", 0, 7, StringIndexType.Bit),
        db => db.StringBitPositionAsync("bits", true),
        db => db.StringBitPositionAsync("bits", false, 0, 3, StringIndexType.Bit),
        db => db.StringSetAsync("mask", new byte[] { 0xF0, 0x0F }),
        db => db.StringBitOperationAsync(Bitwise.And, "and", "bits", "mask"),
        db => db.StringBitOperationAsync(Bitwise.Or, "or", ["bits", "mask", "absent"]),
        db => db.StringBitOperationAsync(Bitwise.Not, "not", "mask"),
        db => db.StringGetAsync("not"),
        db => db.ExecuteAsync("BITFIELD", "bits", "SET", "u8", "0", "200", "INCRBY", "u8", "0", "100"),
    };
}
