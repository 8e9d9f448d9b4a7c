using System.CommandLine;
using System.Text.Json;
using Monitoring.Cli.Alerts;
using Monitoring.Cli.Prometheus;
using Monitoring.Cli.Tasks;
using Spectre.Console;

namespace Monitoring.Cli;

/// <summary>
/// The verbs of the command line and what they have in common. A verb prints what the API answers; errors go to the error
/// stream in one line. Exit codes: 0 done, 1 refused or not understood, 2 the service cannot be reached.
/// </summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Unreachable = 2;

    private const string UrlVariable = "MONITORING_URL";
    private const string KeyVariable = "MONITORING_KEY";
    private const string DefaultUrl = "http://localhost:5000/api/performance";

    public static async Task<int> RunAsync(string[] args, IAnsiConsole console, TextWriter error, Func<string, string?> environment)
    {
        var url = new Option<string>("--url")
        {
            Description = $"Where the API is mapped. Default: ${UrlVariable}, or else {DefaultUrl}.",
            Recursive = true,
            DefaultValueFactory = _ => environment(UrlVariable) is { Length: > 0 } given ? given : DefaultUrl,
        };
        var key = new Option<string?>("--key")
        {
            Description = $"The key of a reader or an admin. Default: ${KeyVariable}, which other users of the machine do not see.",
            Recursive = true,
            DefaultValueFactory = _ => environment(KeyVariable) is { Length: > 0 } given ? given : null,
        };
        var json = new Option<bool>("--json") { Description = "Print what the API answers, as it is.", Recursive = true };
        var root = new RootCommand("Asks a monitored service, and changes what may be changed, over its HTTP API.") { url, key, json };
        root.Add(new Command("tasks", "Background queues: their state, pausing, dead letters.")
        {
            QueuesCommand.Create(Verb), PauseCommand.Create(Verb), ResumeCommand.Create(Verb), DeadLettersCommand.Create(Verb), RedriveCommand.Create(Verb),
        });
        root.Add(AlertsCommand.Create(Verb));
        root.Add(SilencesCommand.Create(Verb));
        root.Add(RulesCommand.Create(Verb));
        root.Add(NotifiersCommand.Create(Verb));
        root.Add(AuditCommand.Create(Verb));
        root.Add(PrometheusCommands.CreateRules(TextVerb));
        root.Add(PrometheusCommands.CreateDashboard(TextVerb));
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { Error = error, Output = console.Profile.Out.Writer }).ConfigureAwait(false);

        void Verb(Command command, Func<ApiClient, ParseResult, CancellationToken, Task<JsonElement>> ask, Action<IAnsiConsole, JsonElement> print) =>
            Run(command, async (client, parsed, cancellationToken) =>
            {
                var answer = await ask(client, parsed, cancellationToken).ConfigureAwait(false);
                if (parsed.GetValue(json))
                {
                    await console.Profile.Out.Writer.WriteLineAsync(answer.GetRawText()).ConfigureAwait(false);
                }
                else
                {
                    print(console, answer);
                }
            });

        void TextVerb(Command command, Func<ApiClient, ParseResult, CancellationToken, Task<string>> ask) =>
            Run(command, async (client, parsed, cancellationToken) =>
                await console.Profile.Out.Writer.WriteAsync(await ask(client, parsed, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false));

        void Run(Command command, Func<ApiClient, ParseResult, CancellationToken, Task> run) =>
            command.SetAction(async (parsed, cancellationToken) =>
            {
                if (!Uri.TryCreate(parsed.GetRequiredValue(url), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                {
                    await error.WriteLineAsync($"--url is '{parsed.GetRequiredValue(url)}'; allowed: an absolute http or https address.").ConfigureAwait(false);
                    return Refused;
                }

                using var client = new ApiClient(address, parsed.GetValue(key));
                try
                {
                    await run(client, parsed, cancellationToken).ConfigureAwait(false);
                    return Done;
                }
                catch (ApiException exception)
                {
                    await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
                    return exception.IsUnreachable ? Unreachable : Refused;
                }
            });
    }
}

/// <summary>Makes a command a verb: what it asks the API, and how the answer is printed.</summary>
internal delegate void Verb(
    Command command, Func<ApiClient, ParseResult, CancellationToken, Task<JsonElement>> ask, Action<IAnsiConsole, JsonElement> print);

/// <summary>Makes a command a verb that prints a text of the API's as it is.</summary>
internal delegate void TextVerb(Command command, Func<ApiClient, ParseResult, CancellationToken, Task<string>> ask);
