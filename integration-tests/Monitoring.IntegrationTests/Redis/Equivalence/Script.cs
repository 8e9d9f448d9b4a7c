using StackExchange.Redis;
using StackExchange.Redis.KeyspaceIsolation;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

/// <summary>Every family, and the ways in which its commands are sent.</summary>
internal static class Script
{
    public static IReadOnlyList<Family> Families { get; } =
    [
        StringSteps.All, StringSteps.Bits, HashSteps.All, ListSteps.All, SetSteps.All, SortedSetSteps.All,
        StreamSteps.All, StreamSteps.Groups, GeoAndHyperLogLogSteps.Geo, GeoAndHyperLogLogSteps.HyperLogLog,
        KeySteps.All, KeySteps.Sorting, KeySteps.Locks, ScriptingSteps.All, PubSubSteps.All,
        TransactionSteps.All, TransactionSteps.Batches, ScanSteps.All, ServerSteps.All, ServerSteps.Multiplexer,
        RawSteps.All, RawSteps.Errors, NewerSteps.FieldExpiry, NewerSteps.Others,
    ];

    public static IReadOnlyDictionary<string, Func<Family, ScriptClient, Task<IReadOnlyList<string>>>> Ways { get; } =
        new Dictionary<string, Func<Family, ScriptClient, Task<IReadOnlyList<string>>>>
        {
            ["asynchronously"] = static (family, client) => OneByOneAsync(family, client.Multiplexer.GetDatabase(asyncState: "mine"), client),
            ["synchronously"] = static (family, client) => OneByOneAsync(family, SynchronousTwin.Of(client.Database), null),
            ["under a prefix"] = static (family, client) => OneByOneAsync(family, client.Database.WithKeyPrefix("tenant:"), null),
            ["under a prefix, synchronously"] = static (family, client) => OneByOneAsync(family, SynchronousTwin.Of(client.Database.WithKeyPrefix("tenant:")), null),
            ["pipelined"] = static (family, client) => AtOnceAsync(family, client.Database, static () => Task.CompletedTask),
            ["in a batch"] = static (family, client) =>
            {
                var batch = client.Database.CreateBatch();
                return AtOnceAsync(family, batch, () =>
                {
                    batch.Execute();
                    return Task.CompletedTask;
                });
            },
            ["in a transaction"] = static (family, client) =>
            {
                var transaction = client.Database.CreateTransaction();
                return AtOnceAsync(family, transaction, () => transaction.ExecuteAsync());
            },
            ["fire and forget"] = static (family, client) => OneByOneAsync(family, ForgetfulTwin.Of(client.Database), null),
        };

    // Calls are the same whichever way commands go, so they are made once.
    private static async Task<IReadOnlyList<string>> OneByOneAsync(Family family, IDatabaseAsync database, ScriptClient? client)
    {
        var outcomes = new List<string>();
        foreach (var step in family)
        {
            if (step.Command is { } command)
            {
                outcomes.Add($"{step.Name}: {await Outcome.OfAsync(() => command(database))}");
            }
            else if (client is not null)
            {
                outcomes.Add($"{step.Name}: {await Outcome.OfAsync(() => step.Call!(client))}");
            }
        }

        return outcomes;
    }

    private static async Task<IReadOnlyList<string>> AtOnceAsync(Family family, IDatabaseAsync database, Func<Task> execute)
    {
        var started = family.Where(static step => step.Command is not null).Select(step => (step.Name, Sent: Start(step, database))).ToList();
        var outcomes = new List<string> { $"execute: {await Outcome.OfAsync(() => execute())}" };
        foreach (var (name, sent) in started)
        {
            outcomes.Add($"{name}: {await Outcome.OfAsync(sent)}");
        }

        return outcomes;
    }

    // What a command throws at once is kept as its outcome.
    private static Func<object?> Start(Step step, IDatabaseAsync database)
    {
        try
        {
            var task = step.Command!(database);
            return () => task;
        }
        catch (Exception exception)
        {
            return () => throw exception;
        }
    }
}
