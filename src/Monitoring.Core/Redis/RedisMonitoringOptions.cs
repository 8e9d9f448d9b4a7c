using Monitoring.Validation;

namespace Monitoring.Redis;

/// <summary>How Redis is watched (section <c>Monitoring:Redis</c>).</summary>
public sealed class RedisMonitoringOptions
{
    internal void Validate(OptionsErrors errors) => ArgumentNullException.ThrowIfNull(errors);
}
