using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class ListSteps
{
    public static Family All { get; } = new("lists")
    {
        db => db.ListRightPushAsync("list", "a"),
        db => db.ListRightPushAsync("list", new RedisValue[] { "b", "c", "b", "d" }),
        db => db.ListLeftPushAsync("list", "z"),
        db => db.ListLeftPushAsync("list", new RedisValue[] { "y", "x" }),
        db => db.ListLeftPushAsync("absent", "z", When.Exists),
        db => db.ListRightPushAsync("absent", "z", When.Exists),
        db => db.ListRangeAsync("list"),
        db => db.ListRangeAsync("list", 1, 2),
        db => db.ListLengthAsync("list"),
        db => db.ListGetByIndexAsync("list", 0),
        db => db.ListGetByIndexAsync("list", 99),
        db => db.ListPositionAsync("list", "b"),
        db => db.ListPositionAsync("list", "nobody"),
        db => db.ListPositionsAsync("list", "b", 0),
        db => db.ListInsertAfterAsync("list", "a", "a+"),
        db => db.ListInsertBeforeAsync("list", "a", "a-"),
        db => db.ListInsertBeforeAsync("list", "nobody", "?"),
        db => db.ListSetByIndexAsync("list", 0, "first"),
        db => db.ListSetByIndexAsync("list", 99, "too far"),
        db => db.ListRemoveAsync("list", "b", 1),
        db => db.ListMoveAsync("list", "other", ListSide.Left, ListSide.Right),
        db => db.ListRightPopLeftPushAsync("list", "other"),
        db => db.ListLeftPopAsync("list"),
        db => db.ListLeftPopAsync("list", 2),
        db => db.ListLeftPopAsync(["absent", "other"], 1),
        db => db.ListRightPopAsync("list"),
        db => db.ListRightPopAsync("list", 1),
        db => db.ListRightPopAsync(["absent", "other"], 5),
        db => db.ListLeftPopAsync("absent"),
        db => db.ListLeftPopAsync("absent", 3),
        db => db.ListRightPushAsync("list", new RedisValue[] { 1, 2, 3, 4, 5 }),
        db => db.ListTrimAsync("list", 1, 3),
        db => db.ListRangeAsync("list"),
    };
}
