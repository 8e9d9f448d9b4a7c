using System.CommandLine;

namespace Monitoring.Cli.Alerts;

/// <summary><c>monitoring alerts acknowledge</c></summary>
internal static class AlertAcknowledgeCommand
{
    public static Command Create(Verb verb) =>
        AlertResolveCommand.Change(verb, "acknowledge", "Say that somebody takes care of an alert: no reminders, and nobody else is called.", "acknowledged");
}
