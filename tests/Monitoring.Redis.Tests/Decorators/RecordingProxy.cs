using System.Reflection;

namespace Monitoring.Redis.Tests.Decorators;

/// <summary>An inner object of any interface that remembers its last call and returns what it is told to.</summary>
public class RecordingProxy : DispatchProxy
{
    public MethodInfo? Method { get; private set; }

    public object?[] Arguments { get; private set; } = [];

    public int Calls { get; private set; }

    public Func<MethodInfo, object?[], object?> Answer { get; set; } = static (_, _) => null;

    public static (T Inner, RecordingProxy Recording) Create<T>()
        where T : class
    {
        var inner = Create<T, RecordingProxy>();
        return (inner, (RecordingProxy)(object)inner);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name.StartsWith("add_", StringComparison.Ordinal) || targetMethod.Name.StartsWith("remove_", StringComparison.Ordinal))
        {
            return null;
        }

        Method = targetMethod;
        Arguments = args ?? [];
        Calls++;
        return Answer(targetMethod, Arguments);
    }
}
