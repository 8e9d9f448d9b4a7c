using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Alerts.Notifiers;

namespace Monitoring.DependencyInjection;

/// <summary>
/// The settings in effect as a tree, and changing those that can be changed while the monitor runs. Changes are kept on top of
/// what the configuration says, later reloads included, until the process ends. Thread-safe.
/// </summary>
internal sealed class MonitorSettings(IServiceProvider provider, IPerformanceMonitor monitor, OptionsReload reload, IEnumerable<NotifierSettings> notifiers)
{
    private const string Root = nameof(Monitoring);

    private readonly Lock _lock = new();

    // Guarded by _lock; by key. There are never more than there are live settings.
    private readonly Dictionary<string, SettingChange> _changes = new(StringComparer.Ordinal);

    // A monitor of the application's own decides for itself what it takes over.
    private readonly PerformanceMonitor? _monitor = monitor as PerformanceMonitor;

    /// <summary>Whether anything can be changed here.</summary>
    public bool CanChange => _monitor is not null;

    private static JsonTypeInfo Type => SettingsJson.Default.MonitoringOptions;

    /// <summary>All settings of the monitor, and whether they are live.</summary>
    public static IReadOnlyList<Setting> GetSettings() => [.. Setting.Below(Type, Root)];

    /// <summary>Each setting with its whole key.</summary>
    public IReadOnlyList<Setting> GetSettings(IEnumerable<SettingsSection> others) =>
        [.. GetSettings(), .. Sections(others).SelectMany(static section => Setting.Below(section.Type, $"{Root}:{section.Path}"))];

    /// <summary>The keys that were changed here and are not as the configuration has them.</summary>
    public IReadOnlyList<string> GetChanged()
    {
        lock (_lock)
        {
            return [.. _changes.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>What is in effect, without secrets.</summary>
    /// <param name="others">Settings beside the monitor's own.</param>
    public JsonObject Read(IEnumerable<SettingsSection> others)
    {
        lock (_lock)
        {
            return ReadUnderLock([.. Sections(others)], redacted: true);
        }
    }

    /// <summary>Changes settings: all that are asked for or, with errors, none.</summary>
    /// <param name="patch">A part of the tree.</param>
    /// <param name="others">Settings beside the monitor's own.</param>
    /// <returns>What was changed, or what is wrong, by key.</returns>
    public (IReadOnlyCollection<SettingChange> Changes, IReadOnlyList<(string Key, string Message)> Errors) Change(JsonObject patch, IEnumerable<SettingsSection> others)
    {
        lock (_lock)
        {
            SettingsSection[] sections = [.. Sections(others)];
            var wanted = SettingsPatch.Of(patch, ReadUnderLock(sections, redacted: false), ReadUnderLock(sections, redacted: true), Type);
            if (wanted.Errors.Count > 0 || wanted.Changes.Count == 0)
            {
                return ([], wanted.Errors);
            }

            var changes = new Dictionary<string, SettingChange>(_changes, StringComparer.Ordinal);
            foreach (var change in wanted.Changes)
            {
                changes[change.Setting.Key] = change;
            }

            var errors = reload.Override(options => Apply(changes.Values, options));
            if (errors.Count > 0)
            {
                return ([], errors);
            }

            foreach (var change in wanted.Changes)
            {
                _changes[change.Setting.Key] = change;
            }

            return (wanted.Changes, []);
        }
    }

    /// <summary>Takes back all changes: what the configuration says is in effect.</summary>
    /// <returns>The keys that had been changed, or what is wrong with the configuration.</returns>
    public (IReadOnlyCollection<string> Keys, IReadOnlyList<(string Key, string Message)> Errors) Reset()
    {
        lock (_lock)
        {
            var errors = _changes.Count == 0 ? [] : reload.Override(static _ => { });
            if (errors.Count > 0)
            {
                return ([], errors);
            }

            string[] keys = [.. _changes.Keys.Order(StringComparer.Ordinal)];
            _changes.Clear();
            return (keys, []);
        }
    }

    private static void Apply(IEnumerable<SettingChange> changes, MonitoringOptions options)
    {
        foreach (var change in changes)
        {
            SettingsPatch.Apply(change, options, Type);
        }
    }

    private IEnumerable<SettingsSection> Sections(IEnumerable<SettingsSection> others)
    {
        yield return new SettingsSection("Alerts:Log", SettingsJson.Default.LogNotifierOptions, provider.GetRequiredService<IOptions<LogNotifierOptions>>().Value);
        foreach (var notifier in notifiers)
        {
            // What code has set up is in no section; it is listed all the same.
            var path = notifier.Origin.StartsWith($"{Root}:", StringComparison.OrdinalIgnoreCase) ? notifier.Origin[(Root.Length + 1)..] : $"Alerts:{notifier.Origin.Replace(':', '/')}";
            yield return new SettingsSection(path, SettingsJson.Default.GetTypeInfo(notifier.Type)!, notifier.Read(provider));
        }

        foreach (var other in others)
        {
            yield return other;
        }
    }

    // What is live is as it was last taken over, the rest as it was when the monitor was made.
    private JsonObject ReadUnderLock(SettingsSection[] sections, bool redacted)
    {
        var (started, current) = (_monitor?.Started, _monitor?.Current);
        started ??= provider.GetRequiredService<IOptions<MonitoringOptions>>().Value;
        var tree = JsonSerializer.SerializeToNode(started, Type)!.AsObject();
        var live = JsonSerializer.SerializeToNode(current ?? started, Type)!.AsObject();
        foreach (var setting in GetSettings().Where(static setting => setting.IsLive))
        {
            var (from, to) = (Parent(live, setting.Key), Parent(tree, setting.Key));
            to[setting.Property.Name] = from[setting.Property.Name]?.DeepClone();
        }

        if (redacted)
        {
            SettingsRedaction.Of(tree, Type);
        }

        foreach (var section in sections)
        {
            var node = JsonSerializer.SerializeToNode(section.Options, section.Type)!.AsObject();
            Place(tree, section.Path.Split(':'), redacted ? SettingsRedaction.Of(node, section.Type)!.AsObject() : node);
        }

        return tree;
    }

    private static JsonObject Parent(JsonObject tree, string key)
    {
        var names = key.Split(':');
        for (var i = 1; i < names.Length - 1; i++)
        {
            tree = tree[names[i]]!.AsObject();
        }

        return tree;
    }

    private static void Place(JsonObject tree, string[] path, JsonObject section)
    {
        foreach (var name in path[..^1])
        {
            tree = (JsonObject)(tree[name] as JsonObject ?? (tree[name] = new JsonObject()));
        }

        tree[path[^1]] = section;
    }
}
