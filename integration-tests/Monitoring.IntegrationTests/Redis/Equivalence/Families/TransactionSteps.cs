using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

internal static class TransactionSteps
{
    public static Family All { get; } = new("transactions")
    {
        db => db.StringSetAsync("text", "value"),
        db => db.HashSetAsync("hash", "field", "value"),
        db => db.ListRightPushAsync("list", "item"),
        db => db.SetAddAsync("set", "member"),
        db => db.SortedSetAddAsync("scores", "member", 1),
        db => db.StreamAddAsync("stream", "a", "b", "1-1"),
        client => Attempt(client),
        client => Attempt(client, Condition.KeyExists("text")),
        client => Attempt(client, Condition.KeyNotExists("text")),
        client => Attempt(client, Condition.StringEqual("text", "value")),
        client => Attempt(client, Condition.StringNotEqual("text", "value")),
        client => Attempt(client, Condition.StringLengthGreaterThan("text", 2)),
        client => Attempt(client, Condition.HashExists("hash", "field")),
        client => Attempt(client, Condition.HashEqual("hash", "field", "other")),
        client => Attempt(client, Condition.HashLengthEqual("hash", 1)),
        client => Attempt(client, Condition.ListIndexEqual("list", 0, "item")),
        client => Attempt(client, Condition.ListLengthLessThan("list", 1)),
        client => Attempt(client, Condition.SetContains("set", "member")),
        client => Attempt(client, Condition.SetNotContains("set", "member")),
        client => Attempt(client, Condition.SortedSetEqual("scores", "member", 1)),
        client => Attempt(client, Condition.SortedSetContainsStarting("scores", "mem")),
        client => Attempt(client, Condition.StreamLengthEqual("stream", 1)),
        client => Attempt(client, Condition.KeyExists("text"), Condition.KeyExists("absent")),
        client => AttemptAsync(client),
        client => AttemptAsync(client, Condition.KeyExists("text")),
        client => AttemptAsync(client, Condition.KeyExists("absent")),
        client => WithFailureAsync(client),
        client => client.Database.CreateTransaction().Execute(),
        client => client.Database.CreateTransaction().ExecuteAsync(),
        client => client.Database.CreateTransaction().Execute(CommandFlags.FireAndForget),
        db => db.StringGetAsync("count"),
    };

    public static Family Batches { get; } = new("batches")
    {
        client => BatchAsync(client, b => b.StringSetAsync("a", 1), b => b.StringIncrementAsync("a"), b => b.StringGetAsync("a")),
        client => BatchAsync(client, b => b.ListLeftPushAsync("a", "wrong type"), b => b.StringGetAsync("a")),
        client => BatchAsync(client, b => b.StringSetAsync("b", 1, flags: CommandFlags.FireAndForget), b => b.StringGetAsync("b")),
        client => BatchAsync(client, b => b.ExecuteAsync("NOSUCHCOMMAND"), b => b.ScriptEvaluateAsync("return ARGV[1]", [], [5])),
        client => BatchAsync(client),
        client => BatchAsync(client, [.. Enumerable.Range(0, 100).Select(i => (Func<IBatch, Task>)(b => b.StringSetAsync($"many:{i}", i)))]),
        client => { var batch = client.Database.CreateBatch(); var task = batch.StringGetAsync("a"); var early = task.IsCompleted; batch.Execute(); return early; },
        client => { var batch = client.Database.CreateBatch("state"); var task = batch.StringGetAsync("a"); batch.Execute(); return task.AsyncState; },
        client => client.Database.CreateBatch().Multiplexer == client.Multiplexer,
        client => client.Database.CreateTransaction().Multiplexer == client.Multiplexer,
    };

    private static Task<object> Attempt(ScriptClient client, params Condition[] conditions) =>
        Run(client, conditions, static transaction => Task.FromResult(transaction.Execute()));

    private static Task<object> AttemptAsync(ScriptClient client, params Condition[] conditions) =>
        Run(client, conditions, static transaction => transaction.ExecuteAsync());

    private static async Task<object> Run(ScriptClient client, Condition[] conditions, Func<ITransaction, Task<bool>> execute)
    {
        var transaction = client.Database.CreateTransaction();
        var results = Array.ConvertAll(conditions, transaction.AddCondition);
        var count = transaction.StringIncrementAsync("count");
        var moved = transaction.ListRightPushAsync("pushed", "x");
        var committed = await execute(transaction);
        return new object[]
        {
            committed,
            results.Select(static r => r.WasSatisfied).ToArray(),
            await Outcome.OfAsync(() => count),
            await Outcome.OfAsync(() => moved),
        };
    }

    private static async Task<object> WithFailureAsync(ScriptClient client)
    {
        var transaction = client.Database.CreateTransaction();
        var wrong = transaction.ListRightPushAsync("text", "wrong type");
        var right = transaction.StringIncrementAsync("count");
        return new[]
        {
            await Outcome.OfAsync(() => transaction.ExecuteAsync()), await Outcome.OfAsync(() => wrong), await Outcome.OfAsync(() => right),
        };
    }

    private static async Task<object> BatchAsync(ScriptClient client, params Func<IBatch, Task>[] commands)
    {
        var batch = client.Database.CreateBatch();
        var tasks = Array.ConvertAll(commands, command => command(batch));
        batch.Execute();
        var outcomes = new List<string>();
        foreach (var task in tasks)
        {
            outcomes.Add(await Outcome.OfAsync(() => task));
        }

        return outcomes;
    }
}
