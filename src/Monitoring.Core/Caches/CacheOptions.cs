using Monitoring.Validation;

namespace Monitoring.Caches;

/// <summary>How caches are watched (section <c>Monitoring:Caches</c>). Read once, when the monitor is created.</summary>
public sealed class CacheOptions
{
    /// <summary>How many caches are told apart by name; lookups of further ones are summed up as <c>OTHER</c>. 1 to 1,000; default 100.</summary>
    public int MaxCaches { get; set; } = 100;

    internal void Validate(OptionsErrors errors) => errors.Range(nameof(MaxCaches), MaxCaches, 1, 1_000);
}
