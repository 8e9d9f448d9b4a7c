using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class KeySteps
{
    private static readonly DateTime Far = new(2045, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static Family All { get; } = new("keys")
    {
        db => db.StringSetAsync("key", "value"),
        db => db.KeyExistsAsync("key"),
        db => db.KeyExistsAsync(["key", "key", "absent"]),
        db => db.KeyTypeAsync("key"),
        db => db.KeyTypeAsync("absent"),
        db => db.KeyEncodingAsync("key"),
        db => db.KeyRefCountAsync("key"),
        db => db.KeyIdleTimeAsync("absent"),
        db => db.KeyFrequencyAsync("key"),
        db => db.KeyTouchAsync("key"),
        db => db.KeyTouchAsync(["key", "absent"]),
        db => db.KeyExpireAsync("key", TimeSpan.FromHours(1)),
        db => db.KeyExpireAsync("key", TimeSpan.FromHours(2), ExpireWhen.HasNoExpiry),
        db => db.KeyExpireAsync("key", Far),
        db => db.KeyExpireAsync("key", Far.AddYears(1), ExpireWhen.GreaterThanCurrentExpiry),
        db => db.KeyExpireAsync("absent", TimeSpan.FromHours(1)),
        db => db.KeyExpireTimeAsync("key"),
        db => db.KeyTimeToLiveAsync("absent"),
        db => db.KeyPersistAsync("key"),
        db => db.KeyPersistAsync("key"),
        db => db.KeyTimeToLiveAsync("key"),
        db => db.KeyExpireAsync("key", TimeSpan.FromHours(3)),
        db => db.KeyTimeToLiveAsync("key"),
        db => db.KeyCopyAsync("key", "copy"),
        db => db.KeyCopyAsync("key", "copy"),
        db => db.KeyCopyAsync("key", "copy", replace: true),
        db => db.KeyRenameAsync("copy", "renamed"),
        db => db.KeyRenameAsync("renamed", "key", When.NotExists),
        db => db.KeyRenameAsync("absent", "anything"),
        db => db.KeyDumpAsync("renamed"),
        db => db.KeyDumpAsync("absent"),
        client => RestoreAsync(client.Database),
        db => db.KeyRestoreAsync("garbage", [1, 2, 3]),
        db => db.KeyMoveAsync("renamed", 1),
        db => db.KeyMoveAsync("absent", 1),
        db => db.KeyDeleteAsync("key"),
        db => db.KeyDeleteAsync(["key", "restored", "absent"]),
        db => db.KeyRandomAsync(),
        db => db.PingAsync(),
    };

    public static Family Sorting { get; } = new("sort")
    {
        db => db.ListRightPushAsync("ids", new RedisValue[] { 3, 1, 10, 2 }),
        db => db.StringSetAsync([new("weight:1", 9), new("weight:2", 1), new("weight:3", 5), new("weight:10", 7)]),
        db => db.SortAsync("ids"),
        db => db.SortAsync("ids", 1, 2, Order.Descending),
        db => db.SortAsync("ids", sortType: SortType.Alphabetic),
        db => db.SortAsync("ids", by: "weight:*", get: ["#", "weight:*"]),
        db => db.SortAndStoreAsync("sorted", "ids", order: Order.Descending),
        db => db.ListRangeAsync("sorted"),
        db => db.ListRightPushAsync("words", new RedisValue[] { "b", "a" }),
        db => db.SortAsync("words"),
    };

    public static Family Locks { get; } = new("locks")
    {
        db => db.LockTakeAsync("lock", "mine", TimeSpan.FromHours(1)),
        db => db.LockTakeAsync("lock", "yours", TimeSpan.FromHours(1)),
        db => db.LockQueryAsync("lock"),
        client => client.Database.LockExtend("lock", "yours", TimeSpan.FromHours(2)),
        client => client.Database.LockExtend("lock", "mine", TimeSpan.FromHours(2)),
        client => client.Database.LockExtendAsync("lock", "mine", TimeSpan.FromHours(2)),
        client => client.Database.LockRelease("lock", "yours"),
        client => client.Database.LockReleaseAsync("lock", "mine"),
        client => client.Database.LockRelease("lock", "mine"),
        db => db.LockQueryAsync("lock"),
    };

    private static async Task<RedisValue> RestoreAsync(IDatabase database)
    {
        var dump = await database.KeyDumpAsync("renamed");
        await database.KeyRestoreAsync("restored", dump!, TimeSpan.FromHours(1));
        return await database.StringGetAsync("restored");
    }
}
