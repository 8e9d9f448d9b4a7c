using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class HashSteps
{
    public static Family All { get; } = new("hashes")
    {
        db => db.HashSetAsync("hash", "name", "value"),
        db => db.HashSetAsync("hash", "name", "changed"),
        db => db.HashSetAsync("hash", "name", "refused", When.NotExists),
        db => db.HashSetAsync("hash", "once", "value", When.NotExists),
        db => db.HashSetAsync("hash", [new HashEntry("a", 1), new HashEntry("b", 2.5), new HashEntry("c", "three")]),
        db => db.HashSetAsync("hash", []),
        db => db.HashGetAsync("hash", "name"),
        db => db.HashGetAsync("hash", "absent"),
        db => db.HashGetAsync("hash", new RedisValue[] { "a", "absent", "c" }),
        db => db.HashGetAsync("nowhere", new RedisValue[] { "a" }),
        db => db.HashGetLeaseAsync("hash", "c"),
        db => db.HashGetLeaseAsync("hash", "absent"),
        db => db.HashGetAllAsync("hash"),
        db => db.HashGetAllAsync("nowhere"),
        db => db.HashKeysAsync("hash"),
        db => db.HashValuesAsync("hash"),
        db => db.HashLengthAsync("hash"),
        db => db.HashStringLengthAsync("hash", "c"),
        db => db.HashExistsAsync("hash", "a"),
        db => db.HashExistsAsync("hash", "absent"),
        db => db.HashIncrementAsync("hash", "a", 4),
        db => db.HashIncrementAsync("hash", "b", 0.5),
        db => db.HashDecrementAsync("hash", "a"),
        db => db.HashDecrementAsync("hash", "b", 1.25),
        db => db.HashIncrementAsync("hash", "c"),
        db => db.HashDeleteAsync("hash", "once"),
        db => db.HashDeleteAsync("hash", ["b", "absent"]),
        db => db.HashSetAsync("single", "only", "one"),
        db => db.HashRandomFieldAsync("single"),
        db => db.HashRandomFieldsAsync("single", 5),
        db => db.HashRandomFieldsWithValuesAsync("single", 5),
        db => db.HashRandomFieldAsync("nowhere"),
    };
}
