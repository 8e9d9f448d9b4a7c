using Monitoring.Validation;

namespace Monitoring.Caches;

/// <summary>How caches are watched (section <c>Monitoring:Caches</c>).</summary>
public sealed class CacheOptions
{
    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
    }
}
