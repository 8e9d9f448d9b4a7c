using StackExchange.Redis;

namespace Monitoring.Redis.Decorators;

/// <summary>Tells a multiplexer that is monitored already, whichever decorator does it.</summary>
internal interface IMonitoredMultiplexer
{
    /// <summary>Who monitors it.</summary>
    IPerformanceMonitor Monitor { get; }

    /// <summary>The multiplexer that it decorates.</summary>
    IConnectionMultiplexer Inner { get; }
}
