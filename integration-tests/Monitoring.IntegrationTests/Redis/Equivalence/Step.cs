using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

/// <summary>One thing that the script does. It has either a command or a call.</summary>
/// <param name="Name">What it does: its own source text.</param>
/// <param name="Command">A single command, which a batch or a transaction can carry too.</param>
/// <param name="Call">Anything else that a client can be asked for; its result, or a task of it.</param>
internal sealed record Step(string Name, Func<IDatabaseAsync, Task>? Command, Func<ScriptClient, object?>? Call);

/// <summary>What a step works on: one multiplexer, and what it hands out.</summary>
internal sealed record ScriptClient(IConnectionMultiplexer Multiplexer)
{
    public IDatabase Database => Multiplexer.GetDatabase();

    public IServer Server => Multiplexer.GetServers()[0];

    public ISubscriber Subscriber => Multiplexer.GetSubscriber();
}
