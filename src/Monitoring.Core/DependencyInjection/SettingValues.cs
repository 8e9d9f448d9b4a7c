using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Monitoring.DependencyInjection;

/// <summary>Says whether JSON is a value of a setting's type, and what would be.</summary>
internal static class SettingValues
{
    private const int LongestEcho = 64;

    /// <param name="node">The value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="key">Its key; what is inside a list or a table has keys below it.</param>
    /// <param name="canBeNull">Whether nothing is a value.</param>
    /// <param name="refuse">Told of each part that is wrong.</param>
    public static void Check(JsonNode? node, JsonTypeInfo type, string key, bool canBeNull, Action<string, string> refuse)
    {
        var fits = (node, type.Kind) switch
        {
            (null, _) => canBeNull,
            (JsonObject members, JsonTypeInfoKind.Object) => CheckMembers(members, type, key, refuse),
            (JsonObject entries, JsonTypeInfoKind.Dictionary) => CheckEntries(entries, type, key, refuse),
            (JsonArray entries, JsonTypeInfoKind.Enumerable) => CheckEntries(entries, type, key, refuse),
            (JsonValue, JsonTypeInfoKind.None) => IsValue(node, type),
            _ => false,
        };
        if (!fits)
        {
            var text = node?.ToJsonString() ?? "null";
            var echo = text.Length <= LongestEcho ? text : $"{text[..LongestEcho]}…";

            // Who mistypes the value of a secret does not want to read it in a log.
            refuse(key, $"{(SettingsRedaction.IsSecret(key[(key.LastIndexOf(':') + 1)..], type) ? SettingsRedaction.Placeholder : echo)} is no value of it; allowed: {Describe(type)}{(canBeNull ? " or null" : "")}.");
        }
    }

    private static bool CheckMembers(JsonObject members, JsonTypeInfo type, string key, Action<string, string> refuse)
    {
        foreach (var (name, value) in members)
        {
            if (Setting.Find(type, name) is { } property)
            {
                Check(value, Setting.TypeOf(property), $"{key}:{property.Name}", property.IsSetNullable && property.Set is not null, refuse);
            }
            else
            {
                refuse($"{key}:{(name.Length <= LongestEcho ? name : $"{name[..LongestEcho]}…")}", $"unknown; allowed: {string.Join(", ", type.Properties.Select(static known => known.Name))}.");
            }
        }

        return true;
    }

    private static bool CheckEntries(JsonObject entries, JsonTypeInfo type, string key, Action<string, string> refuse)
    {
        foreach (var (name, value) in entries)
        {
            Check(value, type.Options.GetTypeInfo(type.ElementType!), $"{key}:{(name.Length <= LongestEcho ? name : $"{name[..LongestEcho]}…")}", canBeNull: false, refuse);
        }

        return true;
    }

    private static bool CheckEntries(JsonArray entries, JsonTypeInfo type, string key, Action<string, string> refuse)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            Check(entries[i], type.Options.GetTypeInfo(type.ElementType!), $"{key}:{i}", canBeNull: false, refuse);
        }

        return true;
    }

    private static bool IsValue(JsonNode node, JsonTypeInfo type)
    {
        // A number would be taken for any enum, known or not, and "NaN" for a number.
        var kind = Underlying(type);
        if ((kind.IsEnum || kind == typeof(TimeSpan)) && node.GetValueKind() != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            return node.Deserialize(type) switch
            {
                double number => double.IsFinite(number) && node.GetValueKind() == JsonValueKind.Number,
                Enum name => Enum.IsDefined(kind, name),
                _ => true,
            };
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string Describe(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Enumerable => "a list",
        JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Object => "an object",
        _ => Underlying(type) switch
        {
            { IsEnum: true } kind => string.Join(", ", Enum.GetNames(kind)),
            var kind when kind == typeof(TimeSpan) => "a duration as text, hh:mm:ss",
            var kind when kind == typeof(bool) => "true or false",
            var kind when kind == typeof(int) || kind == typeof(long) => "a whole number",
            var kind when kind == typeof(double) => "a number",
            _ => "a text",
        },
    };

    private static Type Underlying(JsonTypeInfo type) => Nullable.GetUnderlyingType(type.Type) ?? type.Type;
}
