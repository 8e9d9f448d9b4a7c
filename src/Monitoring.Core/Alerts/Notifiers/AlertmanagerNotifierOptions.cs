using System.Text.RegularExpressions;
using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>Where an <see cref="AlertmanagerNotifier"/> sends alerts (section <c>Monitoring:Alerts:Alertmanager</c> by convention).</summary>
public sealed partial class AlertmanagerNotifierOptions : HttpNotifierOptions
{
    internal const string HostLabel = "host";

    /// <summary>The defaults, of which <see cref="AlertChannelOptions.RepeatInterval"/> is 1 min, for Alertmanager forgets what it is not told again.</summary>
    public AlertmanagerNotifierOptions()
        : base("alertmanager") => RepeatInterval = TimeSpan.FromMinutes(1);

    /// <summary>User of basic authentication; default not set, which is none.</summary>
    public string? UserName { get; set; }

    /// <summary>Password of basic authentication; required with <see cref="UserName"/>; never logged.</summary>
    public string? Password { get; set; }

    /// <summary>Token of bearer authentication; default not set, which is none; never logged.</summary>
    public string? BearerToken { get; set; }

    /// <summary>
    /// Labels that all alerts get besides their own, such as <c>service</c> or <c>environment</c>. <c>host</c> is the name of
    /// the machine unless it is here: two processes with the same labels would resolve each other's alerts. An empty value leaves the
    /// label out. Names are <c>[a-zA-Z_][a-zA-Z0-9_]*</c>; default empty.
    /// </summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where a person sees more of an alert, such as a dashboard: an absolute http or https address; default not set.</summary>
    public string? GeneratorUrl { get; set; }

    // Alertmanager has acknowledgements and silences of its own; what it is not told again ends there.
    internal override bool RemindsAlways => true;

    internal static bool IsLabelName(string name) => LabelName().IsMatch(name);

    internal override void ValidateOwn(OptionsErrors errors)
    {
        base.ValidateOwn(errors);
        RequireEncryption(errors, Password is not null || BearerToken is not null);
        errors.Require(UserName is null || !UserName.Contains(':'), nameof(UserName), "redacted", "a name without a colon");
        errors.Require((UserName is null) == (Password is null), nameof(Password), Password is null ? null : "redacted", "together with UserName, or neither");
        errors.Require(BearerToken is null || (UserName is null && BearerToken.Length > 0 && BearerToken.All(static c => c is > ' ' and <= '~')), nameof(BearerToken), "redacted", "a token without spaces, and not together with UserName");
        errors.Require(Labels.Keys.All(IsLabelName), nameof(Labels), string.Join(", ", Labels.Keys), "names of letters, digits and _");
        errors.Require(GeneratorUrl is null || TryParse(GeneratorUrl, out _), nameof(GeneratorUrl), GeneratorUrl is null ? null : "redacted", "an absolute http or https address without user and password");
        errors.Require(RepeatInterval is null || RepeatInterval <= TimeSpan.FromHours(1), nameof(RepeatInterval), RepeatInterval, "at most 01:00:00");
    }

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]*\z")]
    private static partial Regex LabelName();
}
