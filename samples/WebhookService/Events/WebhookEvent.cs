using System.Text.Json.Serialization;

namespace WebhookService.Events;

/// <summary>A verified webhook, as the workers get it.</summary>
/// <param name="Delivery">Identity, the same each time the sender delivers it.</param>
/// <param name="Kind">What happened, such as <c>push</c>.</param>
/// <param name="Subject">Where: a repository, a phone number; empty when the sender names none.</param>
/// <param name="Sender">Who did it.</param>
internal sealed record WebhookEvent(string Delivery, string Kind, string Subject, string Sender)
{
    [JsonIgnore]
    public string Summary => $"{Kind} {Subject}".TrimEnd();
}
