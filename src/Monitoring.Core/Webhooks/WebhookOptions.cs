using Monitoring.Validation;

namespace Monitoring.Webhooks;

/// <summary>How webhooks are watched (section <c>Monitoring:Webhooks</c>).</summary>
public sealed class WebhookOptions
{
    internal void Validate(OptionsErrors errors) => ArgumentNullException.ThrowIfNull(errors);
}
