using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.AspNetCore.Tests.Security;
using Monitoring.TestSupport;

namespace Monitoring.AspNetCore.Tests.OpenApi;

/// <summary>The document says what is there, and what is there is as the document says.</summary>
public sealed class OpenApiTests
{
    private const int LongestExampleList = 2;

    private static readonly string ExamplesFile = Path.Combine(Repository.Root, "src", "Monitoring.AspNetCore", "OpenApi", "examples.json");
    private static readonly string TypesFile = Path.Combine(Repository.Root, "src", "Monitoring.AspNetCore", "Dashboard", "api.json");
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Every_route_is_in_the_document_and_nothing_else_is()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);

        var document = await DocumentAsync(host);

        document.Text("openapi").Should().StartWith("3.1");
        Operations(document).Select(static operation => operation.Name)
            .Should().BeEquivalentTo(Route.Of(host).Select(static route => $"{route.Method} {MonitoringHost.Prefix}/{route.Path}"));
    }

    [Fact]
    public async Task Every_operation_says_what_it_is_for_what_it_takes_and_what_it_answers()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var document = await DocumentAsync(host);
        var operations = Operations(document).ToDictionary(static operation => operation.Name, static operation => operation.Value);

        foreach (var route in Route.Of(host))
        {
            var operation = operations[$"{route.Method} {MonitoringHost.Prefix}/{route.Path}"];
            operation.TryGetProperty("summary", out var summary).Should().BeTrue("{0} has a Describe(…)", route);
            summary.GetString().Should().EndWith(".", "{0}", route);
            var parameters = operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().Select(static parameter => $"{parameter.Text("in")} {parameter.Text("name")}") : [];
            parameters.Should().BeEquivalentTo(
                route.Path.Split('/').Where(static part => part.StartsWith('{')).Select(static part => $"path {part.Trim('{', '}')}")
                    .Concat(route.Query.Select(static query => $"query {query.Name}")), "{0}", route);
            operation.TryGetProperty("requestBody", out var body).Should().Be(route.Method == HttpMethod.Post || route.Method == HttpMethod.Put, "{0}", route);
            var answers = operation.GetProperty("responses");
            answers.EnumerateObject().Select(static answer => answer.Name).Should().Contain(["200", "401", "413", "429", "500"], "{0}", route);
            answers.TryGetProperty("403", out _).Should().Be(route.IsForAdmins, "{0}", route);
            foreach (var answer in answers.EnumerateObject())
            {
                answer.Value.Text("description").Should().NotBeNullOrEmpty();
                answer.Value.GetProperty("content").EnumerateObject().Should().NotBeEmpty("{0} {1}", route, answer.Name);
            }
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_no_two_types_share_a_name()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var document = await DocumentAsync(host);
        var schemas = document.GetProperty("components").GetProperty("schemas");

        foreach (var reference in References(document).Distinct())
        {
            reference.Should().StartWith("#/components/");
            var find = () => reference.TrimStart('#', '/').Split('/').Aggregate(document, static (element, part) => element.GetProperty(part));
            find.Should().NotThrow("{0} is there", reference);
        }

        schemas.EnumerateObject().Select(static schema => schema.Name).Should().OnlyContain(static name => !char.IsDigit(name.Last()), "a number is put behind a name that is taken");
    }

    [Fact]
    public async Task What_a_busy_service_answers_is_as_the_document_says()
    {
        var (host, answers) = await Conversation.HoldAsync();
        await using var _ = host;
        var document = await DocumentAsync(host);
        var check = new JsonSchemaCheck(document);
        var operations = Operations(document).ToDictionary(static operation => operation.Name, static operation => operation.Value);

        answers.Should().HaveCountGreaterThan(20);
        foreach (var (route, sent, status, answer) in answers)
        {
            var operation = operations[$"{route.Method} {MonitoringHost.Prefix}/{route.Path}"];
            var content = operation.GetProperty("responses").GetProperty($"{(int)status}").GetProperty("content").EnumerateObject().First().Value;
            check.Check(answer, content.GetProperty("schema")).Should().BeEmpty("{0} answered {1}", route, answer);
            if (sent is not null)
            {
                using var body = JsonDocument.Parse(sent);
                check.Check(body.RootElement, operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema")).Should().BeEmpty("{0} was sent {1}", route, sent);
            }
        }

        answers.Where(static answer => answer.Status is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable)).Select(static answer => $"{answer.Route} {answer.Status} {answer.Answer}")
            .Should().BeEmpty("each is asked for something that is there");
    }

    [Fact]
    public async Task The_check_finds_what_does_not_fit()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var document = await DocumentAsync(host);
        using var schema = JsonDocument.Parse("""{"$ref":"#/components/schemas/HealthResponse"}""");
        string[] wrong = ["""{}""", """{"status":1,"description":"a"}""", """{"status":"a","description":"a","unknown":1}""", "[]", """{"status":"a","description":"a","alerts":{"total":"1","warning":1,"critical":1}}"""];

        foreach (var value in wrong)
        {
            using var json = JsonDocument.Parse(value);
            new JsonSchemaCheck(document).Check(json.RootElement, schema.RootElement).Should().NotBeEmpty("{0} is no such answer", value);
        }
    }

    /// <summary><c>WRITE_DOCS=1</c> records the examples anew.</summary>
    [Fact]
    public async Task Examples_are_recorded_answers_and_fit()
    {
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
        {
            await RecordAsync();
        }

        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var document = await DocumentAsync(host);
        var check = new JsonSchemaCheck(document);
        var operations = Operations(document).ToDictionary(static operation => operation.Name, static operation => operation.Value);
        var examples = JsonNode.Parse(await File.ReadAllTextAsync(ExamplesFile))!.AsObject();

        examples.Select(static example => example.Key).Should().BeEquivalentTo(Route.Of(host).Where(HasExample).Select(static route => route.Name), "WRITE_DOCS=1 records them anew");
        foreach (var (name, example) in examples)
        {
            var (method, path) = (name.Split(' ')[0], name.Split(' ')[1]);
            operations.Should().ContainKey($"{method} {MonitoringHost.Prefix}/{path}", "{0} is still there", name);
            var operation = operations[$"{method} {MonitoringHost.Prefix}/{path}"];
            ShouldFit(example!["response"], operation.GetProperty("responses").GetProperty(example["status"]?.GetValue<string>() ?? "200"));
            if (example["request"] is { } request)
            {
                ShouldFit(request, operation.GetProperty("requestBody"));
            }

            void ShouldFit(JsonNode? value, JsonElement described)
            {
                using var json = JsonDocument.Parse(value!.ToJsonString());
                var content = described.GetProperty("content").EnumerateObject().First().Value;
                check.Check(json.RootElement, content.GetProperty("schema")).Should().BeEmpty("{0} is an example; WRITE_DOCS=1 records it anew", name);
            }
        }
    }

    /// <summary><c>WRITE_DOCS=1</c> writes them anew.</summary>
    [Fact]
    public async Task The_page_knows_the_types_of_the_api()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys);
        var types = TypesOf(await DocumentAsync(host));
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(TypesFile, types);
        }

        (await File.ReadAllTextAsync(TypesFile)).Should().Be(types, "WRITE_DOCS=1 writes them anew");
    }

    [Fact]
    public async Task The_document_has_the_recorded_examples()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, prefix: "/ops/monitoring");
        using var response = await host.SendAsync(HttpMethod.Get, "/ops/monitoring/openapi.json", MonitoringHost.ReaderKey);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        document.RootElement.GetProperty("paths").GetProperty("/ops/monitoring/silences").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json")
            .GetProperty("example").Text("reason").Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_hosts_own_document_and_ours_do_not_mix()
    {
        await using var host = await MonitoringHost.StartAsync(
            MonitoringHost.BothKeys,
            services: static services =>
            {
                services.AddOpenApi();
                services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper);
            },
            map: static app =>
            {
                app.MapOpenApi();
                app.MapGet("/orders", static () => new Order(1, TimeSpan.FromSeconds(1)));
            });

        using var response = await host.SendAsync(HttpMethod.Get, "/openapi/v1.json");
        using var theirs = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var ours = await DocumentAsync(host);

        theirs.RootElement.GetProperty("paths").EnumerateObject().Select(static path => path.Name).Should().Equal("/orders");
        ours.GetProperty("paths").EnumerateObject().Select(static path => path.Name).Should().NotContain("/orders");
        ours.GetProperty("components").GetProperty("schemas").GetProperty("CircuitBreakerSummary").GetProperty("properties").GetProperty("timeInStateMs").Text("type").Should().Be("number");
    }

    // The schemas alone, without words: what TypeScript's types are made from.
    private static string TypesOf(JsonElement document)
    {
        var schemas = JsonNode.Parse(document.GetProperty("components").GetProperty("schemas").GetRawText())!.AsObject();
        foreach (var (_, schema) in schemas)
        {
            Silence(schema);
        }

        var types = new JsonObject
        {
            ["openapi"] = document.Text("openapi"),
            ["info"] = new JsonObject { ["title"] = document.GetProperty("info").Text("title"), ["version"] = "1" },
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
        return types.ToJsonString(Readable) + "\n";

        static void Silence(JsonNode? schema)
        {
            if (schema is not JsonObject described)
            {
                return;
            }

            described.Remove("description");
            described.Remove("example");
            Silence(described["items"]);
            Silence(described["additionalProperties"]);
            foreach (var (_, property) in described["properties"] as JsonObject ?? [])
            {
                Silence(property);
            }

            foreach (var choice in (described["oneOf"] ?? described["anyOf"]) as JsonArray ?? [])
            {
                Silence(choice);
            }
        }
    }

    private static async Task RecordAsync()
    {
        var (host, answers) = await Conversation.HoldAsync();
        await using var _ = host;
        var examples = new JsonObject();
        foreach (var (route, sent, status, answer) in answers.OrderBy(static answer => answer.Route.Path, StringComparer.Ordinal).ThenBy(static answer => answer.Route.Method.Method, StringComparer.Ordinal))
        {
            // A whole dashboard or a whole document would be no example of anything.
            if (HasExample(route))
            {
                var example = new JsonObject();
                if (status != HttpStatusCode.OK)
                {
                    example["status"] = $"{(int)status}";
                }

                if (sent is not null)
                {
                    example["request"] = JsonNode.Parse(sent);
                }

                example["response"] = Shorten(JsonNode.Parse(answer.GetRawText()));
                examples[route.Name] = example;
            }
        }

        await File.WriteAllTextAsync(ExamplesFile, examples.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n");
    }

    private static bool HasExample(Route route) =>
        route.Path is not ("openapi.json" or "prometheus/dashboard")
        && route.Endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(static answer => answer.StatusCode == 200 && answer.ContentTypes.Contains("application/json"));

    private static JsonNode? Shorten(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                while (list.Count > LongestExampleList)
                {
                    list.RemoveAt(list.Count - 1);
                }

                list.ToList().ForEach(static entry => Shorten(entry));
                break;
            case JsonObject members:
                members.ToList().ForEach(static member => Shorten(member.Value));
                break;
        }

        return node;
    }

    private static async Task<JsonElement> DocumentAsync(MonitoringHost host)
    {
        var (status, document) = await host.AskAsync("openapi.json");
        status.Should().Be(HttpStatusCode.OK, "{0}", document);
        return document;
    }

    private static IEnumerable<(string Name, JsonElement Value)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static member => member.NameEquals("$ref") && member.Value.ValueKind == JsonValueKind.String ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private sealed record Order(int Id, TimeSpan Took);
}
