using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookService.Webhooks;

/// <summary>The little that is needed of what GitHub sends. Organisation events have no repository.</summary>
internal sealed record GitHubPayload(GitHubPayload.Account? Sender, GitHubPayload.Project? Repository)
{
    private const int LongestName = 200;

    /// <summary>Reads a payload; null when it is not JSON or not of GitHub's shape.</summary>
    public static GitHubPayload? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var payload = JsonSerializer.Deserialize<GitHubPayload>(body, JsonSerializerOptions.Web);
            return payload is { Sender.Login.Length: <= LongestName, Repository: null or { FullName.Length: <= LongestName } } ? payload : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Account(string? Login);

    internal sealed record Project([property: JsonPropertyName("full_name")] string? FullName);
}
