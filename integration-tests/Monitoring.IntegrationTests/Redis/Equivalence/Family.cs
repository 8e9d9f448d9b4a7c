using System.Collections;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Monitoring.IntegrationTests.Redis.Equivalence;

/// <summary>The steps about one data type or one side of the client, in the order in which they are to be taken.</summary>
internal sealed class Family(string name) : IEnumerable<Step>
{
    private readonly List<Step> _steps = [];

    public string Name => name;

    public void Add<T>(Func<IDatabaseAsync, Task<T>> command, [CallerArgumentExpression(nameof(command))] string text = "") =>
        _steps.Add(new Step(text, command, null));

    public void Add(Func<IDatabaseAsync, Task> command, [CallerArgumentExpression(nameof(command))] string text = "") =>
        _steps.Add(new Step(text, command, null));

    /// <summary>A step that is more than one command, or none of a database's.</summary>
    public void Add(Func<ScriptClient, object?> call, [CallerArgumentExpression(nameof(call))] string text = "") =>
        _steps.Add(new Step(text, null, call));

    public IEnumerator<Step> GetEnumerator() => _steps.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
