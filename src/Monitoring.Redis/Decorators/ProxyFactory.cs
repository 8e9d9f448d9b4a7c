using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Makes the dynamic decorators of one multiplexer.</summary>
[RequiresDynamicCode("DispatchProxy emits its types at run time.")]
[RequiresUnreferencedCode("Finds members by reflection.")]
internal sealed class ProxyFactory
{
    private readonly DatabaseCache _databases;

    public ProxyFactory(RedisConnection connection)
    {
        Connection = connection;
        _databases = new DatabaseCache((inner, asyncState) => Create<IDatabase, RedisProxy>(inner, connection.FunnelOf(inner), asyncState));
        var proxy = Create<IConnectionMultiplexer, RedisMultiplexerProxy>(connection.Inner, connection.Funnel, null);
        ((RedisMultiplexerProxy)proxy).Monitor = connection.Monitor;
        ((RedisMultiplexerProxy)proxy).Inner = connection.Inner;
        Multiplexer = proxy;
    }

    public RedisConnection Connection { get; }

    /// <summary>The monitored multiplexer.</summary>
    public IConnectionMultiplexer Multiplexer { get; }

    /// <summary>The decorator of what a member returned, or the value itself when there is nothing to decorate.</summary>
    /// <param name="value">What the inner member returned.</param>
    /// <param name="method">The member.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="asked">The object that was asked; batches and transactions inherit its asyncState and its funnel.</param>
    public object? Wrap(object? value, MethodInfo method, object?[] arguments, ProxyTarget asked)
    {
        var asyncState = ArgumentOf(method, arguments, "asyncState");
        return value switch
        {
            // First: the client's own batch and transaction are databases as well.
            ITransaction transaction => Create<ITransaction, RedisProxy>(transaction, asked.Funnel, asyncState ?? asked.AsyncState, RedisCommands.MULTI),
            IBatch batch => Create<IBatch, RedisProxy>(batch, asked.Funnel, asyncState ?? asked.AsyncState, RedisCommands.PIPELINE),
            IServer server => Create<IServer, RedisProxy>(server, Connection.FunnelOf(server), asyncState),
            IServer[] servers => Array.ConvertAll(servers, s => Create<IServer, RedisProxy>(s, Connection.FunnelOf(s), null)),
            ISubscriber subscriber => Create<ISubscriber, RedisProxy>(subscriber, Connection.Funnel, asyncState),
            IDatabase database => _databases.Get(database, ArgumentOf(method, arguments, "db") is int index ? index : -1, asyncState),
            _ => value,
        };
    }

    private T Create<T, TProxy>(T inner, RedisFunnel funnel, object? asyncState, int? pipelineCommand = null)
        where T : class
        where TProxy : RedisProxy
    {
        var proxy = DispatchProxy.Create<T, TProxy>();
        var pipeline = pipelineCommand is { } command ? new Pipeline(funnel, command, asyncState) : null;
        ((RedisProxy)(object)proxy).Initialize(new ProxyTarget(inner, this, funnel, asyncState, pipeline));
        return proxy;
    }

    private static object? ArgumentOf(MethodInfo method, object?[] arguments, string name)
    {
        var index = Array.FindIndex(method.GetParameters(), p => p.Name == name);
        return index < 0 ? null : arguments[index];
    }
}
