using System.CommandLine;

namespace Monitoring.Cli.Prometheus;

/// <summary><c>monitoring prometheus-rules</c> and <c>monitoring grafana-dashboard</c>: files for others to load, printed as they are.</summary>
internal static class PrometheusCommands
{
    public static Command CreateRules(TextVerb verb)
    {
        var command = new Command("prometheus-rules", "Print the service's alert rules as a rule file of Prometheus.");
        verb(command, static (client, _, token) => client.GetTextAsync("prometheus/rules", "text/yaml", token));
        return command;
    }

    public static Command CreateDashboard(TextVerb verb)
    {
        var command = new Command("grafana-dashboard", "Print a dashboard for Grafana to import.");
        verb(command, static (client, _, token) => client.GetTextAsync("prometheus/dashboard", "application/json", token));
        return command;
    }
}
