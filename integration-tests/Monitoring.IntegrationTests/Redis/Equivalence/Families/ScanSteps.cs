using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class ScanSteps
{
    public static Family All { get; } = new("scans")
    {
        db => db.HashSetAsync("hash", Array.ConvertAll(Numbers, static n => new HashEntry($"field{n}", n))),
        db => db.SetAddAsync("set", Array.ConvertAll(Numbers, static n => (RedisValue)$"member{n}")),
        db => db.SortedSetAddAsync("scores", Array.ConvertAll(Numbers, static n => new SortedSetEntry($"member{n}", n))),
        db => db.StringSetAsync(Array.ConvertAll(Numbers, static n => new KeyValuePair<RedisKey, RedisValue>($"key:{n}", n))),
        client => client.Database.HashScan("hash").OrderBy(static e => e.Name.ToString()),
        client => client.Database.HashScan("hash", "field1*").OrderBy(static e => e.Name.ToString()),
        client => client.Database.HashScan("hash", "field1*", 10, CommandFlags.None).Count(),
        client => client.Database.HashScanNoValues("hash", "field2*").Order(),
        client => client.Database.SetScan("set").Order(),
        client => client.Database.SetScan("set", "member1*", 10, CommandFlags.None).Count(),
        client => client.Database.SortedSetScan("scores").Order(),
        client => client.Database.SortedSetScan("scores", "member9*").Order(),
        client => client.Server.Keys(pattern: "key:*").Order(),
        client => client.Server.Keys(pattern: "key:1*", pageSize: 7).Count(),
        client => client.Server.Keys(database: 5).Count(),
        client => client.Database.HashScan("absent").Count(),
        client => client.Database.HashScan("key:1").Count(),
        client => AllAsync(client.Database.HashScanAsync("hash", "field3*")),
        client => AllAsync(client.Database.HashScanNoValuesAsync("hash", "field3*")),
        client => AllAsync(client.Database.SetScanAsync("set", "member3*")),
        client => AllAsync(client.Database.SortedSetScanAsync("scores", "member3*")),
        client => AllAsync(client.Server.KeysAsync(pattern: "key:3*")),
        client => AllAsync(client.Database.SetScanAsync("key:1")),
        client => Resume(client.Database.HashScan("hash", pageSize: 10), cursor => client.Database.HashScan("hash", "*", 10, cursor)),
        client => Resume(client.Database.SetScan("set", pageSize: 10), cursor => client.Database.SetScan("set", "*", 10, cursor)),
        client => Resume(client.Database.SortedSetScan("scores", pageSize: 10), cursor => client.Database.SortedSetScan("scores", "*", 10, cursor)),
        client => Resume(client.Server.Keys(pageSize: 10), cursor => client.Server.Keys(-1, "*", 10, cursor)),
        client => client.Database.HashScan("hash").GetEnumerator() is IScanningCursor,
        client => client.Database.SetScanAsync("set") is IScanningCursor,
    };

    // More than fit a compact encoding, so that a scan has pages.
    private static int[] Numbers => [.. Enumerable.Range(0, 700)];

    // The order in which a server scans depends on its seed, so how far a page reaches is not compared.
    private static object Resume<T>(IEnumerable<T> scan, Func<long, IEnumerable<T>> from)
    {
        var seen = new HashSet<T>();
        using var first = scan.GetEnumerator();
        for (var i = 0; i < 25 && first.MoveNext(); i++)
        {
            seen.Add(first.Current);
        }

        var cursor = (IScanningCursor)first;
        seen.UnionWith(from(cursor.Cursor).Skip(cursor.PageOffset));
        return (seen.Count, cursor.PageSize);
    }

    private static async Task<object> AllAsync<T>(IAsyncEnumerable<T> scan) =>
        (await scan.ToListAsync()).OrderBy(static item => item!.ToString(), StringComparer.Ordinal);
}
