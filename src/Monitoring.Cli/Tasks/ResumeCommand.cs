using System.CommandLine;

namespace Monitoring.Cli.Tasks;

/// <summary><c>monitoring tasks resume</c></summary>
internal static class ResumeCommand
{
    public static Command Create(Verb verb)
    {
        var queue = TaskOptions.Queue();
        var command = new Command("resume", "Let the queue hand out tasks again.") { queue };
        verb(command, (client, parsed, token) => client.PostAsync("tasks/resume", TaskOptions.Body(parsed.GetValue(queue)), token), PauseCommand.Print);
        return command;
    }
}
