using System.Buffers;
using System.Text.Json;

namespace Monitoring.AspNetCore.Prometheus;

/// <summary>The dashboard of <see cref="Panels"/> as Grafana imports it. Data source, job and instance are chosen in it.</summary>
internal static class GrafanaDashboard
{
    public const string Uid = "monitoring-core";

    // Grafana 10.4; newer ones migrate it (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/).
    private const int SchemaVersion = 39;
    private const int Columns = 24;
    private const int PanelHeight = 8;
    private const int NumberHeight = 4;

    /// <summary>Writes it.</summary>
    public static void Write(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("uid", Uid);
        json.WriteString("title", "Monitoring.Core");
        json.WriteString("description", "Webhooks, Redis, circuits, task queues and alerts of services that are watched by Monitoring.Core.");
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteNumber("version", 1);
        json.WriteBoolean("editable", true);
        json.WriteNumber("graphTooltip", 1);
        json.WriteString("refresh", "30s");
        json.WriteString("timezone", "browser");
        json.WriteStartArray("tags");
        json.WriteStringValue("monitoring");
        json.WriteEndArray();
        json.WriteStartObject("time");
        json.WriteString("from", "now-1h");
        json.WriteString("to", "now");
        json.WriteEndObject();
        WriteVariables(json);
        WritePanels(json);
        json.WriteEndObject();
    }

    private static void WriteVariables(Utf8JsonWriter json)
    {
        json.WriteStartObject("templating");
        json.WriteStartArray("list");
        json.WriteStartObject();
        json.WriteString("name", "datasource");
        json.WriteString("label", "Data source");
        json.WriteString("type", "datasource");
        json.WriteString("query", "prometheus");
        json.WriteNumber("hide", 0);
        json.WriteNumber("refresh", 1);
        json.WriteEndObject();
        WriteVariable(json, "job", "Job", $"label_values({SelfMetrics.Build.SampleName}, job)");
        WriteVariable(json, "instance", "Instance", $"label_values({SelfMetrics.Build.SampleName}{{job=~\"$job\"}}, instance)");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteVariable(Utf8JsonWriter json, string name, string label, string query)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("label", label);
        json.WriteString("type", "query");
        WriteSource(json);
        json.WriteStartObject("query");
        json.WriteString("query", query);
        json.WriteString("refId", name);
        json.WriteEndObject();
        json.WriteString("definition", query);
        json.WriteBoolean("multi", true);
        json.WriteBoolean("includeAll", true);
        json.WriteString("allValue", ".*");
        json.WriteStartObject("current");
        json.WriteString("text", "All");
        json.WriteString("value", "$__all");
        json.WriteEndObject();
        json.WriteNumber("refresh", 2);
        json.WriteNumber("sort", 1);
        json.WriteEndObject();
    }

    private static void WritePanels(Utf8JsonWriter json)
    {
        var (id, x, y) = (1, 0, 0);
        json.WriteStartArray("panels");
        foreach (var (row, panels) in Panels.Rows)
        {
            json.WriteStartObject();
            WriteHead(json, id++, "row", row, x, y++, Columns, 1);
            json.WriteBoolean("collapsed", false);
            json.WriteStartArray("panels");
            json.WriteEndArray();
            json.WriteEndObject();

            var height = 0;
            foreach (var panel in panels)
            {
                if (x + panel.Width > Columns)
                {
                    (x, y) = (0, y + height);
                }

                height = panel.Type == "stat" ? NumberHeight : PanelHeight;
                WritePanel(json, panel, id++, x, y, height);
                x += panel.Width;
            }

            (x, y) = (0, y + height);
        }

        json.WriteEndArray();
    }

    private static void WritePanel(Utf8JsonWriter json, Panel panel, int id, int x, int y, int height)
    {
        json.WriteStartObject();
        WriteHead(json, id, panel.Type, panel.Title, x, y, panel.Width, height);
        WriteSource(json);
        json.WriteStartObject("fieldConfig");
        json.WriteStartObject("defaults");
        json.WriteString("unit", panel.Unit);
        json.WriteNumber("min", 0);
        json.WriteStartObject("custom");
        if (panel.Type == "timeseries")
        {
            json.WriteNumber("fillOpacity", panel.IsStacked ? 30 : 5);
            json.WriteString("showPoints", "never");
            json.WriteStartObject("stacking");
            json.WriteString("mode", panel.IsStacked ? "normal" : "none");
            json.WriteString("group", "A");
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("overrides");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("targets");
        for (var i = 0; i < panel.Queries.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("refId", ((char)('A' + i)).ToString());
            WriteSource(json);
            json.WriteString("expr", panel.Queries[i].Expression);
            json.WriteString("legendFormat", panel.Queries[i].Legend);
            json.WriteBoolean("range", panel.Type == "timeseries");
            json.WriteBoolean("instant", panel.Type == "stat");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, int id, string type, string title, int x, int y, int width, int height)
    {
        json.WriteNumber("id", id);
        json.WriteString("type", type);
        json.WriteString("title", title);
        json.WriteStartObject("gridPos");
        json.WriteNumber("x", x);
        json.WriteNumber("y", y);
        json.WriteNumber("w", width);
        json.WriteNumber("h", height);
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json)
    {
        json.WriteStartObject("datasource");
        json.WriteString("type", "prometheus");
        json.WriteString("uid", "${datasource}");
        json.WriteEndObject();
    }
}
