using System.CommandLine;
using Spectre.Console;

namespace Monitoring.Cli.Tasks;

/// <summary><c>monitoring tasks redrive</c></summary>
internal static class RedriveCommand
{
    public static Command Create(Verb verb)
    {
        var queue = TaskOptions.Queue();
        var id = new Option<string?>("--id") { Description = "Which dead letter." };
        var all = new Option<bool>("--all") { Description = "All dead letters." };
        var command = new Command("redrive", "Enqueue dead letters again, with all their attempts before them.") { queue, id, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is not null == result.GetValue(all))
            {
                result.AddError("Say which: --id <id> or --all.");
            }
        });
        verb(command, (client, parsed, token) => client.PostAsync("tasks/redrive", TaskOptions.Body(parsed.GetValue(queue), parsed.GetValue(id)), token),
            static (console, answer) => console.WriteLine($"{answer.GetProperty("redriven").GetInt32()} enqueued again"));
        return command;
    }
}
