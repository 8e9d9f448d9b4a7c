using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class SetSteps
{
    public static Family All { get; } = new("sets")
    {
        db => db.SetAddAsync("set", "1"),
        db => db.SetAddAsync("set", "1"),
        db => db.SetAddAsync("set", new RedisValue[] { 2, 3, 4 }),
        db => db.SetAddAsync("other", new RedisValue[] { 3, 4, 5 }),
        db => db.SetContainsAsync("set", 2),
        db => db.SetContainsAsync("set", new RedisValue[] { 2, 9 }),
        db => db.SetLengthAsync("set"),
        db => db.SetMembersAsync("set"),
        db => db.SetMembersAsync("nowhere"),
        db => db.SetCombineAsync(SetOperation.Union, "set", "other"),
        db => db.SetCombineAsync(SetOperation.Intersect, ["set", "other"]),
        db => db.SetCombineAsync(SetOperation.Difference, "set", "other"),
        db => db.SetCombineAndStoreAsync(SetOperation.Union, "union", "set", "other"),
        db => db.SetCombineAndStoreAsync(SetOperation.Intersect, "both", ["set", "other"]),
        db => db.SetIntersectionLengthAsync(["set", "other"]),
        db => db.SetIntersectionLengthAsync(["set", "other"], 1),
        db => db.SetMoveAsync("set", "other", 1),
        db => db.SetMoveAsync("set", "other", "nobody"),
        db => db.SetRemoveAsync("set", 2),
        db => db.SetRemoveAsync("set", new RedisValue[] { 3, 99 }),
        db => db.SetRandomMemberAsync("set"),
        db => db.SetRandomMembersAsync("set", 3),
        db => db.SetPopAsync("set"),
        db => db.SetPopAsync("set"),
        db => db.SetPopAsync("nowhere", 2),
        db => db.SetAddAsync("single", "one"),
        db => db.SetPopAsync("single", 2),
    };
}
