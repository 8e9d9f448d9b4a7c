using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monitoring.TaskQueues;

namespace Monitoring.Redis.Streams;

/// <summary>How one message is written under its configured name. Immutable.</summary>
internal abstract class MessageContract(string name, Type type)
{
    public string Name { get; } = name;

    public Type Type { get; } = type;

    public abstract byte[] Serialize(object message);

    /// <exception cref="JsonException">The payload is no such message.</exception>
    public abstract BackgroundTask Read(ReadOnlySpan<byte> payload, string id, TaskPriority priority, TimeSpan? timeout);
}

internal sealed class MessageContract<TMessage>(string name, JsonTypeInfo<TMessage> json) : MessageContract(name, typeof(TMessage))
    where TMessage : notnull
{
    public override byte[] Serialize(object message) => JsonSerializer.SerializeToUtf8Bytes((TMessage)message, json);

    public override BackgroundTask Read(ReadOnlySpan<byte> payload, string id, TaskPriority priority, TimeSpan? timeout)
    {
        var message = JsonSerializer.Deserialize(payload, json);
        return message is null ? throw new JsonException("The payload is null.") : new MessageTask<TMessage>(message, priority, timeout) { Id = id };
    }
}
