using System.Globalization;
using System.Text.Json;

namespace Monitoring.AspNetCore.Tests.OpenApi;

/// <summary>
/// Says where a value does not fit its schema (JSON Schema 2020-12, as far as our document uses it): references, types, enums,
/// required members, members that are not described, items, formats and alternatives.
/// </summary>
internal sealed class JsonSchemaCheck(JsonElement document)
{
    public IReadOnlyList<string> Check(JsonElement value, JsonElement schema)
    {
        var errors = new List<string>();
        Check(value, schema, "$", errors);
        return errors;
    }

    private void Check(JsonElement value, JsonElement schema, string path, List<string> errors)
    {
        if (schema.ValueKind == JsonValueKind.True)
        {
            return;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(value, Find(reference.GetString()!), path, errors);
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "type":
                    if (!Types(keyword.Value).Any(type => Is(value, type)))
                    {
                        errors.Add($"{path} is {value.ValueKind}, not {keyword.Value}");
                    }

                    break;
                case "enum":
                    if (value.ValueKind != JsonValueKind.Null && !keyword.Value.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)))
                    {
                        errors.Add($"{path} is {value}, which is none of {keyword.Value}");
                    }

                    break;
                case "oneOf" or "anyOf":
                    if (!keyword.Value.EnumerateArray().Any(one => Check(value, one).Count == 0))
                    {
                        errors.Add($"{path} fits none: {string.Join("; ", keyword.Value.EnumerateArray().SelectMany(one => Check(value, one)))}");
                    }

                    break;
                case "allOf":
                    foreach (var one in keyword.Value.EnumerateArray())
                    {
                        Check(value, one, path, errors);
                    }

                    break;
                case "format" when keyword.Value.GetString() == "date-time" && value.ValueKind == JsonValueKind.String:
                    if (!DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _))
                    {
                        errors.Add($"{path} is {value}, not a time");
                    }

                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    var i = 0;
                    foreach (var item in value.EnumerateArray())
                    {
                        Check(item, keyword.Value, $"{path}[{i++}]", errors);
                    }

                    break;
                default:
                    break;
            }
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            CheckMembers(value, schema, path, errors);
        }
    }

    private void CheckMembers(JsonElement value, JsonElement schema, string path, List<string> errors)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            errors.AddRange(required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{path} lacks {name}"));
        }

        var hasProperties = schema.TryGetProperty("properties", out var properties);
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind != JsonValueKind.False;
        foreach (var member in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(member.Name, out var property))
            {
                Check(member.Value, property, $"{path}.{member.Name}", errors);
            }
            else if (hasOthers)
            {
                Check(member.Value, others, $"{path}.{member.Name}", errors);
            }
            else if (hasProperties)
            {
                errors.Add($"{path}.{member.Name} is not described");
            }
        }
    }

    private JsonElement Find(string reference) => reference.TrimStart('#', '/').Split('/').Aggregate(document, static (element, part) => element.GetProperty(part));

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(static one => one.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new InvalidOperationException($"The check does not know the type {type}."),
    };
}
