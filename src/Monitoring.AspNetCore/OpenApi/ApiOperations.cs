using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.OpenApi;

/// <summary>Adds to each operation what endpoints say of themselves: summary, parameters, when it refuses, who may use it, and an example.</summary>
internal static partial class ApiOperations
{
    private const string KeyScheme = "key";
    private const string BearerScheme = "bearer";

    /// <param name="operation">What is described.</param>
    /// <param name="description">What its endpoint says of itself.</param>
    /// <param name="document">The document that it is in.</param>
    /// <param name="prefix">The path in front of every endpoint, which is for the host to choose; examples are known by the rest.</param>
    public static void Complete(OpenApiOperation operation, ApiDescription description, OpenApiDocument document, string prefix)
    {
        var metadata = description.ActionDescriptor.EndpointMetadata;
        var path = description.RelativePath!;
        var parameters = PathParameter().Matches(path).Select(static match => Parameter(match.Groups[1].Value, ParameterLocation.Path, "Identity of what is meant; percent-encoded.", new OpenApiSchema { Type = JsonSchemaType.String }))
            .Concat(metadata.OfType<QueryParameter>().Select(static query => Parameter(query.Name, ParameterLocation.Query, query.Description, Schema(query))));
        operation.Parameters = [.. parameters];
        operation.Summary = metadata.OfType<IEndpointSummaryMetadata>().LastOrDefault()?.Summary;
        operation.Description = metadata.OfType<ApiRole>().Contains(ApiRole.Admin) ? "For administrators." : "For readers.";
        operation.Tags = new HashSet<OpenApiTagReference> { new("Monitoring", document) };
        foreach (var failure in ApiDescriptions.FailuresOf([.. metadata], path).GroupBy(static failure => failure.Status))
        {
            if (operation.Responses?.TryGetValue(failure.Key.ToString(CultureInfo.InvariantCulture), out var response) == true)
            {
                response.Description = string.Join(' ', failure.Select(static one => one.When));
            }
        }

        AddExamples(operation, $"{description.HttpMethod} {path[prefix.Length..]}");
    }

    /// <summary>Says who may use the API, and how they show it.</summary>
    public static void Complete(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Monitoring.Core",
            Version = typeof(ApiOperations).Assembly.GetName().Version?.ToString(3) ?? "",
            Description = "What a service measures of itself. Durations are numbers of milliseconds, and their names end in Ms; shares run from 0 to 100, and their names end in Percent.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key", Description = "The reader key or the admin key." },
            [BearerScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The reader key or the admin key, or what the host's own authorization asks for." },
        };

        // Without any key this machine may read, which is the empty one.
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
            [],
        ];
    }

    private static void AddExamples(OpenApiOperation operation, string key)
    {
        if (Examples.Value[key] is not JsonObject example)
        {
            return;
        }

        if (example["request"] is { } request && operation.RequestBody?.Content?.Values.FirstOrDefault() is OpenApiMediaType body)
        {
            body.Example = request.DeepClone();
        }

        if (example["response"] is { } answer
            && operation.Responses?.TryGetValue(example["status"]?.GetValue<string>() ?? "200", out var response) == true
            && response.Content?.Values.FirstOrDefault() is OpenApiMediaType content)
        {
            content.Example = answer.DeepClone();
        }
    }

    private static readonly Lazy<JsonObject> Examples = new(static () =>
    {
        using var stream = typeof(ApiOperations).Assembly.GetManifestResourceStream("examples.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    });

    private static OpenApiParameter Parameter(string name, ParameterLocation where, string description, OpenApiSchema schema) =>
        new() { Name = name, In = where, Required = where == ParameterLocation.Path, Description = description, Schema = schema };

    private static OpenApiSchema Schema(QueryParameter query) => new()
    {
        Type = query.Type switch { "integer" => JsonSchemaType.Integer, "boolean" => JsonSchemaType.Boolean, _ => JsonSchemaType.String },
        Minimum = query.Minimum?.ToString(CultureInfo.InvariantCulture),
        Maximum = query.Maximum?.ToString(CultureInfo.InvariantCulture),
        Enum = query.Names is null ? null : [.. query.Names.Select(static name => (JsonNode)JsonValue.Create(name)!)],
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
