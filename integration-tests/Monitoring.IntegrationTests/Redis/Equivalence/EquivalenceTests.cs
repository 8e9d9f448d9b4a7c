using Monitoring.Redis;
using Monitoring.Redis.Decorators;
using Monitoring.TestSupport;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

/// <summary>The monitored client does what the bare one does: the same script over both, compared step by step.</summary>
public sealed class EquivalenceTests(ITestOutputHelper output) : IAsyncLifetime
{
    private ServerProcess _server = null!;
    private ConnectionMultiplexer _operator = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartRedisAsync("--enable-debug-command", "yes");
        _operator = await ConnectionMultiplexer.ConnectAsync($"{_server.EndPoint},allowAdmin=true");
    }

    public async Task DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public void The_script_covers_every_family_with_at_least_300_operations()
    {
        foreach (var family in Script.Families)
        {
            output.WriteLine($"{family.Count(),4} {family.Name}");
        }

        output.WriteLine($"{Script.Families.Sum(static family => family.Count()),4} operations, their commands sent {Script.Ways.Count} ways: {string.Join(", ", Script.Ways.Keys)}");
        Script.Families.Sum(static family => family.Count()).Should().BeGreaterThanOrEqualTo(300);
        Script.Families.Should().OnlyHaveUniqueItems(static family => family.Name).And.OnlyContain(static family => family.Any());
    }

    [Theory]
    [InlineData("compiled")]
    [InlineData("dynamic")]
    public async Task A_monitored_client_answers_as_the_bare_one_does(string decorator)
    {
        var choice = decorator == "dynamic" ? DecoratorChoice.Dynamic : DecoratorChoice.Automatic;
        using var monitor = PerformanceMonitor.Create();
        var bare = await RunAsync(static connection => connection);
        var monitored = await RunAsync(connection => RedisDecoration.Decorate(connection, monitor, new RedisConnectionOptions(), null, choice));

        monitored.Should().HaveSameCount(bare);
        bare.Zip(monitored).Where(static pair => !AreSame(pair.First, pair.Second)).Select(static pair => $"bare:      {pair.First}\nmonitored: {pair.Second}")
            .Should().BeEmpty();
        var summary = monitor.Redis.GetSummary();
        (summary.TotalOperations + summary.Sent).Should().BeGreaterThan(1000);
    }

    // The client loses the asyncState of ScriptEvaluateAsync; the monitored one keeps it there too.
    private static bool AreSame(string bare, string monitored) =>
        bare == monitored || (bare.Contains("ScriptEvaluateAsync", StringComparison.Ordinal) && bare == monitored.Replace(", state mine", ", state none", StringComparison.Ordinal));

    private async Task<List<string>> RunAsync(Func<IConnectionMultiplexer, IConnectionMultiplexer> wrap)
    {
        // Once, before the client knows a script: one that it thinks loaded hangs in a batch when it is not.
        await ExecuteAsync("SCRIPT", "FLUSH");
        await using var multiplexer = wrap(await ConnectionMultiplexer.ConnectAsync($"{_server.EndPoint},allowAdmin=true,name=script"));
        var client = new ScriptClient(multiplexer);
        var outcomes = new List<string>();
        foreach (var (way, send) in Script.Ways)
        {
            foreach (var family in Script.Families)
            {
                await ExecuteAsync("FLUSHALL");
                outcomes.AddRange((await send(family, client)).Select(outcome => $"{family.Name}, {way}: {outcome}"));
                outcomes.Add($"{family.Name}, {way}, left behind: {await DigestAsync(client)}");
            }
        }

        return outcomes;
    }

    // Of every key and value in every database. What was sent without waiting has been carried out when the ping returns.
    private async Task<string> DigestAsync(ScriptClient client)
    {
        await client.Database.PingAsync();
        return (await ExecuteAsync("DEBUG", "DIGEST")).ToString();
    }

    private Task<RedisResult> ExecuteAsync(string command, params object[] arguments) => _operator.GetDatabase().ExecuteAsync(command, arguments);
}
