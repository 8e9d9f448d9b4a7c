using Monitoring;
using Monitoring.Webhooks;
using WebhookService.Events;

namespace WebhookService.Webhooks;

/// <summary><c>POST /webhooks/github</c></summary>
internal static class GitHubWebhook
{
    public static async Task<IResult> HandleAsync(HttpRequest request, IPerformanceMonitor monitor, ServiceSettings settings, WebhookIntake intake)
    {
        using var timing = monitor.BeginWebhook("github");
        if (await WebhookBody.ReadAsync(request) is not { } body)
        {
            return Refusals.TooLarge;
        }

        using (timing.Measure(WebhookPhase.SignatureValidation))
        {
            if (!Signatures.IsGitHub(request.Headers["X-Hub-Signature-256"], body, settings.GitHubSecret))
            {
                return Refusals.WrongSignature;
            }
        }

        WebhookEvent webhook;
        using (timing.Measure(WebhookPhase.Validation))
        {
            if (!Guid.TryParse(request.Headers["X-GitHub-Delivery"], out var delivery))
            {
                return Refusals.Malformed("X-GitHub-Delivery is not a GUID.");
            }

            if (request.Headers["X-GitHub-Event"] is not [{ Length: > 0 and <= 64 } name])
            {
                return Refusals.Malformed("X-GitHub-Event is missing.");
            }

            if (GitHubPayload.Parse(body) is not { } payload)
            {
                return Refusals.Malformed("The body is not a GitHub payload in JSON.");
            }

            webhook = new WebhookEvent($"github:{delivery:D}", name, payload.Repository?.FullName ?? "", payload.Sender!.Login!);
        }

        return await intake.AcceptAsync(webhook, timing, request.HttpContext.Response);
    }
}
