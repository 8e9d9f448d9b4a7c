using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Monitoring.Validation;

namespace Monitoring.DependencyInjection;

/// <summary>Settings that are read once, such as those of a notifier, and where they are in the tree.</summary>
/// <param name="Path">Path below <c>Monitoring</c>, such as <c>Alerts:Email</c>.</param>
/// <param name="Type">How they are written.</param>
/// <param name="Options">What they are.</param>
internal sealed record SettingsSection(string Path, JsonTypeInfo Type, object Options);

/// <summary>Where the options of a notifier come from, and how to get them.</summary>
internal sealed record NotifierSettings(string Origin, Type Type, Func<IServiceProvider, object> Read);

/// <summary>One setting: a value, or a list or a table as a whole.</summary>
/// <param name="Key">Its whole key, such as <c>Monitoring:Redis:SlowThreshold</c>.</param>
/// <param name="Property">What holds it.</param>
/// <param name="IsLive">Whether a change takes effect while the monitor runs.</param>
internal sealed record Setting(string Key, JsonPropertyInfo Property, bool IsLive)
{
    /// <summary>All settings below an object, in the order of their declaration.</summary>
    public static IEnumerable<Setting> Below(JsonTypeInfo type, string path, bool isLive = false)
    {
        isLive |= type.Type.IsDefined(typeof(LiveAttribute), inherit: true);
        foreach (var property in type.Properties.Where(static property => property.Get is not null))
        {
            var key = $"{path}:{property.Name}";
            var below = TypeOf(property);
            var live = isLive || property.AttributeProvider?.IsDefined(typeof(LiveAttribute), inherit: true) == true;
            if (below.Kind == JsonTypeInfoKind.Object)
            {
                foreach (var setting in Below(below, key, live))
                {
                    yield return setting;
                }
            }
            else
            {
                yield return new Setting(key, property, live);
            }
        }
    }

    public static JsonTypeInfo TypeOf(JsonPropertyInfo property) => property.Options.GetTypeInfo(property.PropertyType);

    /// <summary>The member of that name, whatever its case: configuration knows none.</summary>
    public static JsonPropertyInfo? Find(JsonTypeInfo? type, string name) =>
        type?.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The member of that name, whatever its case.</summary>
    public static KeyValuePair<string, JsonNode?>? Find(JsonObject? tree, string name)
    {
        foreach (var member in tree ?? [])
        {
            if (member.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member;
            }
        }

        return null;
    }
}
