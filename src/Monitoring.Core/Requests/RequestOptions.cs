using Monitoring.Validation;

namespace Monitoring.Requests;

/// <summary>How requests and other operations are watched (section <c>Monitoring:Requests</c>).</summary>
public sealed class RequestOptions
{
    internal void Validate(OptionsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
    }
}
