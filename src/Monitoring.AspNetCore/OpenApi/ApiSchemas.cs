using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Monitoring.Alerts;
using Monitoring.Requests;

namespace Monitoring.AspNetCore.OpenApi;

/// <summary>Says of the wire format what can be seen only in its converters: durations are milliseconds, a number that is none is null, and answers are complete.</summary>
internal static class ApiSchemas
{
    // What comes in, and what problems leave out.
    private static readonly Type[] Partial = [typeof(LabelMatcher), typeof(ProblemDetails), typeof(HttpValidationProblemDetails)];

    public static void Correct(OpenApiSchema schema, JsonTypeInfo type)
    {
        var underlying = Nullable.GetUnderlyingType(type.Type);
        var value = underlying ?? type.Type;
        if (value == typeof(TimeSpan))
        {
            schema.Type = JsonSchemaType.Number | (underlying is null ? 0 : JsonSchemaType.Null);
            schema.Format = null;
            schema.Pattern = null;
            schema.Description ??= "Milliseconds.";
        }
        else if (value == typeof(double))
        {
            schema.Type = JsonSchemaType.Number | JsonSchemaType.Null;
            schema.Format = "double";
        }
        else if (type.ElementType == typeof(double) || type.ElementType == typeof(TimeSpan))
        {
            // A converter of our own hides what the elements are.
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.Number | (type.ElementType == typeof(double) ? JsonSchemaType.Null : 0) };
        }
        else if (type.Kind == JsonTypeInfoKind.Object && !(type.Type.Name.EndsWith("Request", StringComparison.Ordinal) && type.Type != typeof(SlowRequest)) && !Partial.Contains(type.Type) && type.Properties.Count > 0)
        {
            schema.Required = type.Properties.Where(static property => property.Get is not null && property.ShouldSerialize is null).Select(static property => property.Name).ToHashSet();
        }
    }
}
