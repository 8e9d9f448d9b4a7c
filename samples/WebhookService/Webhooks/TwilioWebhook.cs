using System.Text;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Monitoring;
using Monitoring.Webhooks;
using WebhookService.Events;

namespace WebhookService.Webhooks;

/// <summary><c>POST /webhooks/twilio</c></summary>
internal static class TwilioWebhook
{
    public static async Task<IResult> HandleAsync(HttpRequest request, IPerformanceMonitor monitor, ServiceSettings settings, WebhookIntake intake)
    {
        using var timing = monitor.BeginWebhook("twilio");
        if (await WebhookBody.ReadAsync(request) is not { } body)
        {
            return Refusals.TooLarge;
        }

        if (!request.HasFormContentType || ParseForm(body) is not { } form)
        {
            return Refusals.Malformed("The body is not a form.");
        }

        using (timing.Measure(WebhookPhase.SignatureValidation))
        {
            // Twilio signs the address that it called: behind a proxy, let UseForwardedHeaders restore it.
            if (!Signatures.IsTwilio(request.Headers["X-Twilio-Signature"], request.GetEncodedUrl(), form, settings.TwilioAuthToken))
            {
                return Refusals.WrongSignature;
            }
        }

        WebhookEvent webhook;
        using (timing.Measure(WebhookPhase.Validation))
        {
            if (Field(form, "MessageSid") is not { } message || Field(form, "From") is not { } sender || Field(form, "To") is not { } recipient)
            {
                return Refusals.Malformed("MessageSid, From and To are needed, each once and of at most 64 characters.");
            }

            webhook = new WebhookEvent($"twilio:{message}", "message", recipient, sender);
        }

        return await intake.AcceptAsync(webhook, timing, request.HttpContext.Response);
    }

    private static Dictionary<string, StringValues>? ParseForm(byte[] body)
    {
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(body));
            return reader.ReadForm();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string? Field(Dictionary<string, StringValues> form, string name) =>
        form.GetValueOrDefault(name) is [{ Length: > 0 and <= 64 } value] ? value : null;
}
