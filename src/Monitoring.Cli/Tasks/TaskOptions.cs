using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;

namespace Monitoring.Cli.Tasks;

/// <summary>What the verbs about queues have in common.</summary>
internal static class TaskOptions
{
    public static Option<string?> Queue() => new("--queue", "-q") { Description = "Name of the queue; all queues when it is left out." };

    public static JsonObject Body(string? queue, string? id = null)
    {
        var body = new JsonObject();
        if (queue is not null)
        {
            body["queue"] = queue;
        }

        if (id is not null)
        {
            body["id"] = id;
        }

        return body;
    }
}
