using Microsoft.Extensions.Options;
using Monitoring.Alerts.Notifiers;
using Monitoring.Validation;

namespace Monitoring.DependencyInjection;

internal sealed class WebhookNotifierOptionsValidator : IValidateOptions<WebhookNotifierOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookNotifierOptions options)
    {
        var errors = new OptionsErrors(name ?? "AddWebhook");
        options.Validate(errors);
        return errors.Messages.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Messages);
    }
}
