using System.Text.Json.Serialization.Metadata;

namespace Monitoring.AspNetCore.Json;

/// <summary>Says the unit in the name of every duration: <c>P95</c> becomes <c>p95Ms</c>.</summary>
internal static class DurationNames
{
    public static void Append(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?) || property.PropertyType == typeof(IReadOnlyList<TimeSpan>))
            {
                property.Name += "Ms";
            }
        }
    }
}
