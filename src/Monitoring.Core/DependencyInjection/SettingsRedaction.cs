using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Monitoring.DependencyInjection;

/// <summary>
/// Takes secrets out of settings, by name: a text that is called a key, a secret, a password, a token, an address or a header is
/// one. What looks like credentials inside another text is one too. So what somebody adds later is hidden before anybody thinks of it.
/// </summary>
internal static partial class SettingsRedaction
{
    public const string Placeholder = "redacted";

    private static readonly string[] Names = ["Key", "Secret", "Password", "Token", "Url", "Uri", "Header", "Credential", "ConnectionString"];

    /// <summary>Whether a member of that name and type holds secrets.</summary>
    public static bool IsSecret(string name, JsonTypeInfo type) =>
        (type.Type == typeof(string) || type.Type == typeof(Uri) || type.ElementType == typeof(string) || type.ElementType == typeof(Uri))
        && Array.Exists(Names, secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));

    /// <summary>The value without its secrets, to be shown.</summary>
    public static JsonNode? Of(string name, JsonNode? node, JsonTypeInfo type) =>
        IsSecret(name, type) ? Hide(node) : Of(node?.DeepClone(), type);

    /// <summary>Takes the secrets out of a value of that type.</summary>
    public static JsonNode? Of(JsonNode? node, JsonTypeInfo type)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    var below = type.Kind == JsonTypeInfoKind.Object
                        ? Setting.Find(type, name) is { } property ? Setting.TypeOf(property) : null
                        : type.ElementType is { } element ? type.Options.GetTypeInfo(element) : null;
                    members[name] = below is null ? Hide(value) : Of(name, value, below);
                }

                return members;
            case JsonArray entries:
                for (var i = 0; i < entries.Count; i++)
                {
                    entries[i] = type.ElementType is { } element ? Of(entries[i]?.DeepClone(), type.Options.GetTypeInfo(element)) : Hide(entries[i]);
                }

                return entries;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && LooksSecret().IsMatch(value.GetValue<string>()):
                return Hide(value);
            default:
                return node;
        }
    }

    private static JsonNode? Hide(JsonNode? node) => node switch
    {
        null => null,
        JsonArray entries => new JsonArray([.. entries.Select(Hide)]),
        JsonObject members => new JsonObject(members.Select(static member => KeyValuePair.Create(member.Key, Hide(member.Value)))),
        _ => JsonValue.Create(Placeholder),
    };

    // A password in an address, or in a connection string.
    [GeneratedRegex(@"://[^/\s]*:[^/\s]*@|\b(password|pwd|secret|accountkey|accesskey)\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex LooksSecret();
}
