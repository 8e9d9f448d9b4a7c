using System.Collections.Concurrent;
using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>
/// The dynamic decorator: serves whatever members the loaded interfaces have, for a StackExchange.Redis newer than the one
/// that the compiled decorators know. Slower (boxing and reflection) and complete, over the same funnel and table.
/// </summary>
internal class RedisProxy : DispatchProxy
{
    private readonly ConcurrentDictionary<MethodInfo, ProxyCall> _calls = [];
    private ProxyTarget _target = null!;

    /// <summary>Says which object it stands for; called once, right after creation.</summary>
    public void Initialize(ProxyTarget target) => _target = target;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        var call = _calls.GetOrAdd(targetMethod, static (method, target) => target.Plan(method), _target);
        return call(_target, args ?? []);
    }
}

/// <summary>The dynamic decorator of a multiplexer, which can be told from an unmonitored one.</summary>
internal class RedisMultiplexerProxy : RedisProxy, IMonitoredMultiplexer
{
    public IPerformanceMonitor Monitor { get; set; } = null!;

    public IConnectionMultiplexer Inner { get; set; } = null!;
}

/// <summary>How one member is served.</summary>
internal delegate object? ProxyCall(ProxyTarget target, object?[] arguments);
