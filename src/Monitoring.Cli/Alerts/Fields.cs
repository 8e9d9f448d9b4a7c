using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Monitoring.Cli.Alerts;

/// <summary>Parts of an answer as they are printed; what is not there is empty.</summary>
internal static class Fields
{
    public static string Text(this JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    } : "";

    public static string Time(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetDateTimeOffset().ToString("u", CultureInfo.InvariantCulture) : "";

    /// <summary>What keeps an alert quiet, such as <c>silence 0199…</c>.</summary>
    public static string Suppression(this JsonElement alert) =>
        alert.GetProperty("suppression") is { ValueKind: JsonValueKind.Object } suppression ? $"{suppression.Text("reason").ToLowerInvariant()} {suppression.Text("by")}" : "";

    /// <summary>Its value and threshold, with their unit.</summary>
    public static string Measure(this JsonElement alert, string name) => $"{alert.Number(name)} {alert.Text("unit")}".Trim();

    /// <summary>A number at a precision that a person reads; <c>--json</c> has all of it.</summary>
    public static string Number(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("0.##", CultureInfo.InvariantCulture) : "";

    /// <summary>Matchers as they are written: <c>alertname=~redis-.*</c>.</summary>
    public static string Matchers(this JsonElement silence) => string.Join(", ", silence.GetProperty("matchers").EnumerateArray().Select(static matcher =>
        (matcher.GetProperty("isRegex").GetBoolean(), matcher.GetProperty("isEqual").GetBoolean()) switch
        {
            (true, true) => $"{matcher.Text("label")}=~{matcher.Text("value")}",
            (true, false) => $"{matcher.Text("label")}!~{matcher.Text("value")}",
            (false, true) => $"{matcher.Text("label")}={matcher.Text("value")}",
            (false, false) => $"{matcher.Text("label")}!={matcher.Text("value")}",
        }));

    /// <summary>Counts by reason: <c>silence 2, severity 1</c>.</summary>
    public static string Counts(this JsonElement element, string name) =>
        string.Join(", ", element.GetProperty(name).EnumerateObject().Select(static count => $"{count.Name} {count.Value.GetRawText()}"));

    public static Table Table(params string[] columns) => new Table().Border(TableBorder.None).AddColumns(columns);

    /// <summary>Adds a row of texts, none of which is markup.</summary>
    public static void Add(this Table table, params string[] cells) => table.AddRow(cells.Select(static cell => new Text(cell)));

    public static void Print(this IAnsiConsole console, Table table, string none)
    {
        if (table.Rows.Count == 0)
        {
            console.WriteLine(none);
            return;
        }

        console.Write(table);
    }

    /// <summary>A path of the API with what is asked for; what is null is left out.</summary>
    public static string Path(string path, params (string Name, string? Value)[] query)
    {
        var asked = string.Join('&', query.Where(static part => part.Value is not null).Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return asked.Length == 0 ? path : $"{path}?{asked}";
    }
}
