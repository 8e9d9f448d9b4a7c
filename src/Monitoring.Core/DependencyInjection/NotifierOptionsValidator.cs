using Microsoft.Extensions.Options;
using Monitoring.Alerts.Notifiers;
using Monitoring.Validation;

namespace Monitoring.DependencyInjection;

/// <summary>Checks the options of one kind of notifier when the host starts; their name is where they come from.</summary>
internal sealed class NotifierOptionsValidator<TOptions> : IValidateOptions<TOptions>
    where TOptions : NotifierOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var errors = new OptionsErrors(string.IsNullOrEmpty(name) ? typeof(TOptions).Name : name);
        options.Validate(errors);
        return errors.Messages.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Messages);
    }
}
