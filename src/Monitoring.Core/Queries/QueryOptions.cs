using Monitoring.Validation;

namespace Monitoring.Queries;

/// <summary>How database queries are watched (section <c>Monitoring:Queries</c>).</summary>
public sealed class QueryOptions
{
    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
    }
}
