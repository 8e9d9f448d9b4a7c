using System.Text.Json;

namespace Monitoring.Core.Tests.Alerts.Notifiers;

/// <summary>What Slack refuses, as docs.slack.dev has it (chat.postMessage; blocks header and section).</summary>
internal static class SlackLimits
{
    /// <summary>The error code of a message, or null when it is within the limits.</summary>
    public static string? WhatIsWrong(string body, bool incoming = false)
    {
        var message = JsonDocument.Parse(body).RootElement;
        if (!incoming && string.IsNullOrEmpty(message.GetProperty("channel").GetString()))
        {
            return "channel_not_found";
        }

        if (message.GetProperty("text").GetString() is not { Length: > 0 and <= 4000 })
        {
            return "no_text";
        }

        var blocks = message.GetProperty("blocks").EnumerateArray().ToList();
        if (blocks.Count is 0 or > 50 || !blocks.All(IsValid))
        {
            return "invalid_blocks";
        }

        return message.GetProperty("blocks").GetRawText().Length > 13_000 && blocks.Sum(static block => Text(block).Length) > 13_000 ? "msg_blocks_too_long" : null;
    }

    public static string TextOf(string body)
    {
        if (WhatIsWrong(body, incoming: true) is { } error)
        {
            throw new InvalidOperationException(error);
        }

        return string.Join('\n', JsonDocument.Parse(body).RootElement.GetProperty("blocks").EnumerateArray().Select(Text));
    }

    private static string Text(JsonElement block) => block.GetProperty("text").GetProperty("text").GetString()!;

    private static bool IsValid(JsonElement block) => (block.GetProperty("type").GetString(), block.GetProperty("text").GetProperty("type").GetString()) switch
    {
        ("header", "plain_text") => Text(block).Length is > 0 and <= 150,
        ("section", "mrkdwn") => Text(block).Length is > 0 and <= 3000,
        _ => false,
    };
}
