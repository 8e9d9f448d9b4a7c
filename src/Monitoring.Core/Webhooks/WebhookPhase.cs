namespace Monitoring.Webhooks;

/// <summary>A named part of handling a webhook.</summary>
/// <param name="Name">Its name, such as <c>Validation</c>.</param>
public readonly record struct WebhookPhase(string Name)
{
    /// <summary>Checking shape and content of the request.</summary>
    public static WebhookPhase Validation { get; } = new("Validation");

    /// <summary>Checking the sender's signature.</summary>
    public static WebhookPhase SignatureValidation { get; } = new("SignatureValidation");

    /// <summary>Handing the work to the queue.</summary>
    public static WebhookPhase TaskQueuing { get; } = new("TaskQueuing");

    /// <summary>Writing the response.</summary>
    public static WebhookPhase ResponsePreparation { get; } = new("ResponsePreparation");

    /// <summary>Looking something up in a cache.</summary>
    public static WebhookPhase CacheLookup { get; } = new("CacheLookup");

    /// <summary>Waiting for Redis.</summary>
    public static WebhookPhase RedisOperation { get; } = new("RedisOperation");

    /// <summary>A phase of the application's own.</summary>
    public static implicit operator WebhookPhase(string name) => new(name);

    /// <summary>The same as the conversion from a string.</summary>
    public static WebhookPhase FromString(string name) => new(name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
