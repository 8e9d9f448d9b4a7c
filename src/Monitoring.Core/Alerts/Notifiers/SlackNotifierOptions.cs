using System.Diagnostics.CodeAnalysis;
using Monitoring.Validation;

namespace Monitoring.Alerts.Notifiers;

/// <summary>
/// Where a <see cref="SlackNotifier"/> sends its notices (section <c>Monitoring:Alerts:Slack</c> by convention): a bot's
/// <see cref="Token"/> and a <see cref="ChannelId"/>, with a thread for each alert, or the <see cref="HttpNotifierOptions.Url"/> of an
/// incoming webhook, without threads.
/// </summary>
public sealed class SlackNotifierOptions : HttpNotifierOptions
{
    private const string PostMessage = "https://slack.com/api/chat.postMessage";

    /// <summary>The defaults, of which <see cref="AlertChannelOptions.MinimumInterval"/> is 1 s.</summary>
    public SlackNotifierOptions()
        : base("slack") => MinimumInterval = TimeSpan.FromSeconds(1); // docs.slack.dev, "Rate limits": one message a second and channel.

    /// <summary>The bot's token, with the scope <c>chat:write</c>; default not set, which means an incoming webhook. Never logged.</summary>
    public string? Token { get; set; }

    /// <summary>The channel that the bot writes to, by its id (<c>C0123456789</c>). Required with <see cref="Token"/>.</summary>
    public string? ChannelId { get; set; }

    // With a token the address is Slack's own unless it is set.
    internal override bool TryGetUri([NotNullWhen(true)] out Uri? uri) =>
        TryParse(Url ?? (Token is null ? null : PostMessage), out uri);

    internal override void ValidateOwn(OptionsErrors errors)
    {
        base.ValidateOwn(errors);
        RequireEncryption(errors, isSecret: true);
        errors.Require(Token is null || (Token.Length > 0 && Token.All(static c => c is > ' ' and <= '~')), nameof(Token), "redacted", "a token without spaces");
        errors.Require(Token is null || !string.IsNullOrWhiteSpace(ChannelId), nameof(ChannelId), ChannelId, "the id of a channel, because there is a token");
    }
}
