using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>What the options of all notifiers have. They are read once, when the monitor starts.</summary>
public abstract class NotifierOptions : AlertChannelOptions
{
    private protected NotifierOptions(string name) => Name = name;

    /// <summary>Name of the channel in logs, counters and the API. 1 to 100 characters; by default what kind of channel it is.</summary>
    public string Name { get; set; }

    /// <summary>What the options are called where no section of the configuration is known.</summary>
    internal string Origin => GetType().Name;

    /// <summary>Adds what is wrong, without secrets.</summary>
    internal void Validate(OptionsErrors errors)
    {
        errors.Require(!string.IsNullOrWhiteSpace(Name) && Name.Length <= 100, nameof(Name), Name, "1 to 100 characters");
        ValidateOwn(errors);
        ValidateChannel(errors);
    }

    /// <summary>Throws what is wrong, for notifiers that are made by hand.</summary>
    internal void ThrowIfInvalid()
    {
        var errors = new OptionsErrors(Origin);
        Validate(errors);
        if (errors.Messages.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors.Messages), "options");
        }
    }

    internal virtual void ValidateOwn(OptionsErrors errors)
    {
    }
}
