using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Monitoring.Telemetry;
using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Which decorator to use.</summary>
internal enum DecoratorChoice
{
    /// <summary>The compiled one if it is complete.</summary>
    Automatic,

    /// <summary>The dynamic one; for tests.</summary>
    Dynamic,
}

/// <summary>Decorates multiplexers: once each, compiled where the decorators are complete and dynamically where not.</summary>
internal static partial class RedisDecoration
{
    // By monitor, then by inner multiplexer: wrapping one twice gives the same. Held as long as they are.
    private static readonly ConditionalWeakTable<IPerformanceMonitor, ConditionalWeakTable<IConnectionMultiplexer, IConnectionMultiplexer>> Wrapped = [];
    private static readonly Lazy<string?> Missing = new(CompiledMembers.FindMissing);
    private static int Logged;

    public static IConnectionMultiplexer Decorate(
        IConnectionMultiplexer inner, IPerformanceMonitor monitor, RedisConnectionOptions options, ILogger? logger, DecoratorChoice choice, bool ownsInner = true)
    {
        if (inner is IMonitoredMultiplexer monitored && ReferenceEquals(monitored.Monitor, monitor))
        {
            return inner;
        }

        var wrapped = Wrapped.GetOrCreateValue(monitor);
        lock (wrapped)
        {
            if (!wrapped.TryGetValue(inner, out var decorator))
            {
                decorator = Create(inner, logger, choice, () => new RedisConnection(inner, monitor, options, ownsInner, logger));
                wrapped.Add(inner, decorator);
            }

            return decorator;
        }
    }

    private static IConnectionMultiplexer Create(
        IConnectionMultiplexer inner, ILogger? logger, DecoratorChoice choice, Func<RedisConnection> connect)
    {
        if (choice == DecoratorChoice.Automatic && Missing.Value is null)
        {
            return CreateCompiled(connect());
        }

        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            LogOnce(logger, static (l, member) => LogDynamic(l, member));
            return CreateDynamic(connect());
        }

        LogOnce(logger, static (l, member) => LogUnmonitored(l, member));
        return inner;
    }

    // Apart, so that the decorator's class is loaded only once it is known to be complete.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MonitoredMultiplexer CreateCompiled(RedisConnection connection) => new(connection);

    [RequiresDynamicCode("DispatchProxy emits its types at run time.")]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Forwards whatever members the interfaces still have; a member that was trimmed away has no caller.")]
    private static IConnectionMultiplexer CreateDynamic(RedisConnection connection) => new ProxyFactory(connection).Multiplexer;

    private static void LogOnce(ILogger? logger, Action<ILogger, string> log)
    {
        if (logger is not null && Interlocked.Exchange(ref Logged, 1) == 0)
        {
            log(logger, Missing.Value ?? "none");
        }
    }

    [LoggerMessage(EventId = EventIds.RedisDynamicDecorator, Level = LogLevel.Information, Message = "Redis is monitored by the dynamic decorator, which is slower: the loaded StackExchange.Redis has members that this version does not know ({Member})")]
    private static partial void LogDynamic(ILogger logger, string member);

    [LoggerMessage(EventId = EventIds.RedisUnmonitored, Level = LogLevel.Warning, Message = "Redis is not monitored: the loaded StackExchange.Redis has members that this version does not know ({Member}), and this application cannot emit code")]
    private static partial void LogUnmonitored(ILogger logger, string member);
}
