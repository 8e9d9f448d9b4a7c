using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Monitoring.DependencyInjection;

/// <summary>One setting as it was and as it is to be.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Before">As it was.</param>
/// <param name="After">As it is to be.</param>
internal sealed record SettingChange(Setting Setting, JsonNode? Before, JsonNode? After)
{
    /// <summary>As a person may read it.</summary>
    public override string ToString() => $"{Text(Before)} → {Text(After)}";

    private string Text(JsonNode? node) => SettingsRedaction.Of(Setting.Property.Name, node, Setting.TypeOf(Setting.Property))?.ToJsonString() ?? "null";
}

/// <summary>
/// Compares a part of the tree of settings (RFC 7396, JSON merge patch) with what is in effect: what it changes, and what is wrong with it.
/// Nothing is changed. What is as it is already is no change, so that a tree that was read may be sent back.
/// </summary>
internal sealed class SettingsPatch
{
    private const int MostErrors = 100;
    private const int LongestEcho = 64;

    private readonly Dictionary<string, Setting> _settings;
    private readonly Dictionary<string, SettingChange> _changes = new(StringComparer.Ordinal);
    private readonly List<(string Key, string Message)> _errors = [];

    private SettingsPatch(IEnumerable<Setting> settings) => _settings = settings.ToDictionary(static setting => setting.Key, StringComparer.Ordinal);

    public IReadOnlyCollection<SettingChange> Changes => _changes.Values;

    public IReadOnlyList<(string Key, string Message)> Errors => _errors;

    /// <param name="patch">What is asked for.</param>
    /// <param name="inEffect">All settings as they are, secrets and all.</param>
    /// <param name="shown">The same as it is shown.</param>
    /// <param name="type">What the settings are that can be changed.</param>
    public static SettingsPatch Of(JsonObject patch, JsonObject inEffect, JsonObject shown, JsonTypeInfo type)
    {
        var result = new SettingsPatch(Setting.Below(type, nameof(Monitoring)));
        result.Walk(patch, inEffect, shown, type, nameof(Monitoring));
        return result;
    }

    /// <summary>Gives a setting its value.</summary>
    public static void Apply(SettingChange change, object options, JsonTypeInfo type)
    {
        var names = change.Setting.Key.Split(':');
        for (var i = 1; i < names.Length - 1; i++)
        {
            var section = Setting.Find(type, names[i])!;
            options = section.Get!(options)!;
            type = Setting.TypeOf(section);
        }

        var property = change.Setting.Property;
        var value = change.After?.Deserialize(Setting.TypeOf(property));
        if (property.Set is { } set)
        {
            set(options, value);
            return;
        }

        // Lists and tables of options cannot be replaced, only filled.
        switch (property.Get!(options))
        {
            case IDictionary table:
                table.Clear();
                foreach (DictionaryEntry entry in (IDictionary)value!)
                {
                    table[entry.Key] = entry.Value;
                }

                break;
            case IList list:
                list.Clear();
                foreach (var entry in (IEnumerable)value!)
                {
                    list.Add(entry);
                }

                break;
        }
    }

    private void Walk(JsonObject patch, JsonObject? inEffect, JsonObject? shown, JsonTypeInfo? type, string path)
    {
        foreach (var (name, value) in patch)
        {
            var property = Setting.Find(type, name);
            var before = Setting.Find(inEffect, property?.Name ?? name);
            var seen = Setting.Find(shown, property?.Name ?? name)?.Value;
            if (before is null)
            {
                Refuse($"{path}:{Echo(name)}", $"unknown; allowed: {string.Join(", ", (inEffect ?? []).Select(static member => member.Key).Take(MostErrors))}.");
                continue;
            }

            var key = $"{path}:{before.Value.Key}";
            var below = property is null ? null : Setting.TypeOf(property);
            if (_settings.TryGetValue(key, out var setting))
            {
                Compare(setting, value, before.Value.Value, seen);
            }
            else if (value is JsonObject section && before.Value.Value is JsonObject inside && below?.Kind is null or JsonTypeInfoKind.Object)
            {
                Walk(section, inside, seen as JsonObject, below, key);
            }
            else if (below?.Kind == JsonTypeInfoKind.Object || before.Value.Value is JsonObject)
            {
                Refuse(key, $"{Echo(value)} is not a section; allowed: an object with settings.");
            }
            else if (!JsonNode.DeepEquals(value, seen) && !JsonNode.DeepEquals(value, before.Value.Value))
            {
                RefuseRestart(key, seen);
            }
        }
    }

    private void Compare(Setting setting, JsonNode? value, JsonNode? before, JsonNode? shown)
    {
        var type = Setting.TypeOf(setting.Property);
        if (JsonNode.DeepEquals(value, shown))
        {
            return;
        }

        // Tables are merged, lists are replaced.
        var after = type.Kind == JsonTypeInfoKind.Dictionary && value is JsonObject entries ? Merge(before as JsonObject, entries) : value?.DeepClone();
        var errors = _errors.Count;
        SettingValues.Check(after, type, setting.Key, setting.Property.IsSetNullable && setting.Property.Set is not null, Refuse);
        if (_errors.Count > errors)
        {
            return;
        }

        if (after is not null)
        {
            after = JsonSerializer.SerializeToNode(after.Deserialize(type), type);
        }

        if (JsonNode.DeepEquals(after, before))
        {
            return;
        }

        if (setting.IsLive)
        {
            _changes[setting.Key] = new SettingChange(setting, before, after);
        }
        else
        {
            RefuseRestart(setting.Key, shown);
        }
    }

    private static JsonObject Merge(JsonObject? target, JsonObject patch)
    {
        var merged = target?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = value is JsonObject below ? Merge(merged[name] as JsonObject, below) : value.DeepClone();
            }
        }

        return merged;
    }

    private void RefuseRestart(string key, JsonNode? shown) =>
        Refuse(key, $"read once, when the process starts; allowed: {shown?.ToJsonString() ?? "null"}, which is in effect.");

    private void Refuse(string key, string message)
    {
        if (_errors.Count < MostErrors)
        {
            _errors.Add((key, message));
        }
    }

    private static string Echo(JsonNode? value) => Echo(value?.ToJsonString() ?? "null");

    private static string Echo(string text) => text.Length <= LongestEcho ? text : $"{text[..LongestEcho]}…";
}
