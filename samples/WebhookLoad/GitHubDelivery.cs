using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WebhookLoad;

/// <summary>A push in the shape GitHub sends, signed; the same bytes and identity each time it is delivered.</summary>
internal sealed class GitHubDelivery(int number, string secret)
{
    private static readonly string[] Repositories = ["octo-org/hello-world", "octo-org/api", "octo-org/website", "octo-labs/research"];
    private static readonly string[] Senders = ["octocat", "hubot", "mona", "defunkt", "monalisa"];
    private static readonly string[] Modified = ["README.md"];

    private readonly string _id = Guid.NewGuid().ToString("D");
    private readonly byte[] _body = Payload(number);

    public HttpRequestMessage CreateRequest(Uri service)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service, "/webhooks/github")) { Content = new ByteArrayContent(_body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new("GitHub-Hookshot", "demo"));
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", _id);
        request.Headers.Add("X-GitHub-Hook-ID", "292430182");
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), _body)));
        return request;
    }

    private static byte[] Payload(int number)
    {
        var repository = Repositories[number % Repositories.Length];
        var sender = Senders[number % Senders.Length];
        var commit = Convert.ToHexStringLower(CommitId(number));
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            @ref = "refs/heads/main",
            before = Convert.ToHexStringLower(CommitId(number - 1)),
            after = commit,
            created = false,
            deleted = false,
            forced = false,
            compare = $"https://github.com/{repository}/compare/{commit[..12]}",
            repository = new
            {
                id = 186853002 + (number % Repositories.Length),
                name = repository.Split('/')[1],
                full_name = repository,
                @private = false,
                owner = new { login = repository.Split('/')[0], id = 21031067, type = "Organization" },
                html_url = $"https://github.com/{repository}",
                default_branch = "main",
            },
            pusher = new { name = sender, email = $"{sender}@users.noreply.github.com" },
            sender = new { login = sender, id = 583231 + (number % Senders.Length), type = "User", site_admin = false },
            commits = new[]
            {
                new
                {
                    id = commit,
                    message = $"Change number {number}",
                    author = new { name = sender, email = $"{sender}@users.noreply.github.com" },
                    added = Array.Empty<string>(),
                    modified = Modified,
                },
            },
        });
    }

    // Any twenty bytes that look like a commit.
    private static byte[] CommitId(int number) => SHA256.HashData(BitConverter.GetBytes(number))[..20];
}
