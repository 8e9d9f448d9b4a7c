using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monitoring.Alerts;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.Tests.Security;

/// <summary>One route of the API, as it is mapped.</summary>
internal sealed record Route(RouteEndpoint Endpoint, HttpMethod Method, string Path)
{
    public string Name => $"{Method} {Path}";

    public bool IsForAdmins => Endpoint.Metadata.OfType<ApiRole>().Contains(ApiRole.Admin);

    public IReadOnlyList<QueryParameter> Query => [.. Endpoint.Metadata.OfType<QueryParameter>()];

    public BodyDescription? Body => Endpoint.Metadata.GetMetadata<BodyDescription>();

    /// <summary>Every route below the prefix, whoever has mapped it. Not that a WebSocket over HTTP/2 comes as CONNECT to the route that it comes to as GET otherwise.</summary>
    public static IReadOnlyList<Route> Of(MonitoringHost host) =>
    [
        .. from endpoint in host.Endpoints
           where endpoint.RoutePattern.RawText!.StartsWith(MonitoringHost.Prefix, StringComparison.Ordinal)
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
           where !HttpMethods.IsConnect(method)
           select new Route(endpoint, new HttpMethod(method), endpoint.RoutePattern.RawText![(MonitoringHost.Prefix.Length + 1)..]),
    ];

    /// <summary>The path with something in place of each parameter.</summary>
    public string PathWith(string value) =>
        string.Join('/', Path.Split('/').Select(part => part.StartsWith('{') ? value : part));

    /// <summary>What is sent with a change that says nothing.</summary>
    public string? EmptyBody => Method == HttpMethod.Get || Method == HttpMethod.Delete ? null : "{}";

    /// <summary>Bodies of that route in which one field, and in each another one, has the value.</summary>
    public IEnumerable<string> BodiesWith(Func<JsonNode?> value)
    {
        if (Body is null)
        {
            yield break;
        }

        if (Body.Type == typeof(JsonObject))
        {
            yield return new JsonObject { ["Redis"] = new JsonObject { ["SlowThreshold"] = value() } }.ToJsonString();
            yield return new JsonObject { ["Alerts"] = new JsonObject { ["Rules"] = new JsonArray(new JsonObject { [nameof(AlertRuleOptions.Name)] = value(), [nameof(AlertRuleOptions.Message)] = value() }) } }.ToJsonString();
            yield return new JsonObject { ["TaskQueue"] = new JsonObject { ["Types"] = value() } }.ToJsonString();
            yield return new JsonObject { ["Api"] = value() }.ToJsonString();
            if (value() is JsonValue name && name.TryGetValue<string>(out var text))
            {
                yield return new JsonObject { [text] = 1 }.ToJsonString();
                yield return new JsonObject { ["Redis"] = new JsonObject { [text] = new JsonObject() } }.ToJsonString();
            }

            yield break;
        }

        foreach (var body in Objects(ApiJson.TypeOf(Body.Type), value))
        {
            yield return body.ToJsonString();
        }
    }

    public override string ToString() => Name;

    private static IEnumerable<JsonObject> Objects(JsonTypeInfo type, Func<JsonNode?> value)
    {
        foreach (var property in type.Properties)
        {
            yield return new JsonObject { [property.Name] = value() };
            var below = type.Options.GetTypeInfo(property.PropertyType);
            if (below.ElementType is { } element && type.Options.GetTypeInfo(element) is { Kind: JsonTypeInfoKind.Object } entry)
            {
                foreach (var inside in Objects(entry, value))
                {
                    yield return new JsonObject { [property.Name] = new JsonArray(inside) };
                }
            }
        }
    }
}
