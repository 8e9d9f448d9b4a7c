using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring silences add</c></summary>
internal static partial class SilenceAddCommand
{
    public static Command Create(Verb verb)
    {
        var match = new Option<string[]>("--match", "-m")
        {
            Description = "Which alerts: label=value, label!=value, label=~expression or label!~expression; all must match. rule stands for alertname.",
            Required = true,
        };
        var duration = new Option<string?>("--for") { Description = "How long, such as 90s, 30m, 2h or 7d." };
        var until = new Option<DateTimeOffset?>("--until") { Description = "Until when, such as 2026-05-01T18:00Z." };
        var from = new Option<DateTimeOffset?>("--from") { Description = "From when on; now when it is left out." };
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var author = new Option<string?>("--author") { Description = "Who; the holder of the key when it is left out." };
        var command = new Command("add", "Keep alerts quiet for a while.") { match, duration, until, from, reason, author };
        command.Validators.Add(result =>
        {
            foreach (var text in (result.GetValue(match) ?? []).Where(static text => !Written().IsMatch(text)))
            {
                result.AddError($"--match is '{text}'; allowed: label=value, label!=value, label=~expression or label!~expression.");
            }

            if (result.GetValue(duration) is null == result.GetValue(until) is null)
            {
                result.AddError("Say how long: --for or --until.");
            }
            else if (result.GetValue(duration) is { } text && Milliseconds(text) is null)
            {
                result.AddError($"--for is '{text}'; allowed: a number and s, m, h or d, such as 2h.");
            }
        });
        verb(
            command,
            (client, parsed, token) =>
            {
                var body = new JsonObject { ["matchers"] = new JsonArray([.. parsed.GetRequiredValue(match).Select(Matcher)]), ["reason"] = parsed.GetRequiredValue(reason) };
                Set("durationMs", parsed.GetValue(duration) is { } text ? Milliseconds(text) : null);
                Set("endsAt", parsed.GetValue(until)?.ToString("O"));
                Set("startsAt", parsed.GetValue(from)?.ToString("O"));
                Set("author", parsed.GetValue(author));
                return client.PostAsync("silences", body, token);

                void Set(string name, JsonNode? value)
                {
                    if (value is not null)
                    {
                        body[name] = value;
                    }
                }
            },
            static (console, answer) => console.WriteLine($"{answer.Text("id")}: {answer.Matchers()} until {answer.Time("endsAt")}"));
        return command;
    }

    private static JsonNode Matcher(string text)
    {
        var match = Written().Match(text);
        var (label, operation, value) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        return new JsonObject
        {
            ["label"] = label == "rule" ? "alertname" : label,
            ["value"] = value,
            ["isRegex"] = operation[^1] == '~',
            ["isEqual"] = operation[0] == '=',
        };
    }

    private static double? Milliseconds(string text) =>
        text is [.. var number, var unit] && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            ? unit switch { 's' => count * 1000, 'm' => count * 60_000, 'h' => count * 3_600_000, 'd' => count * 86_400_000, _ => null }
            : null;

    [GeneratedRegex(@"\A\s*([^\s=!~]+)\s*(=~|!~|!=|=)(.*)\z", RegexOptions.Singleline)]
    private static partial Regex Written();
}
