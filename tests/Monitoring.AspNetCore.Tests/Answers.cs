using System.Net;
using System.Text.Json;

namespace Monitoring.AspNetCore.Tests;

/// <summary>Requests of an admin, with their answers as JSON.</summary>
internal static class Answers
{
    public static Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(this MonitoringHost host, string path) => host.AskAsync(HttpMethod.Get, path);

    public static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(this MonitoringHost host, HttpMethod method, string path, string? body = null)
    {
        using var response = await host.SendAsync(method, path, MonitoringHost.AdminKey, body);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, answer.RootElement.Clone());
    }

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static IEnumerable<string?> Texts(this JsonElement element, string list, string name) => element.GetProperty(list).EnumerateArray().Select(entry => entry.Text(name));

    public static IEnumerable<string> WrongFields(this JsonElement problem) => problem.GetProperty("errors").EnumerateObject().Select(field => field.Name);
}
