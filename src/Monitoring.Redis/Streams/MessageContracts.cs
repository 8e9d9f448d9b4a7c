using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace Monitoring.Redis.Streams;

/// <summary>
/// The messages that a queue carries, by their configured names: what is on the wire names a contract, never a type. Filled
/// before the queue is built, read by any thread from then on.
/// </summary>
internal sealed class MessageContracts
{
    private const int LongestName = 128;

    private readonly Dictionary<string, MessageContract> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, MessageContract> _byType = [];

    public void Add<TMessage>(string name, JsonTypeInfo<TMessage> json)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > LongestName)
        {
            throw new ArgumentException($"The name of a message has 1 to {LongestName} characters; this one has {name.Length}.", nameof(name));
        }

        if (_byName.TryGetValue(name, out var namesake))
        {
            throw new ArgumentException($"The name '{name}' stands for the message {namesake.Type} already.", nameof(name));
        }

        if (_byType.TryGetValue(typeof(TMessage), out var known))
        {
            throw new ArgumentException($"The message {typeof(TMessage)} has the name '{known.Name}' already.", nameof(name));
        }

        var contract = new MessageContract<TMessage>(name, json);
        _byName.Add(name, contract);
        _byType.Add(typeof(TMessage), contract);
    }

    public MessageContract? Find(string name) => _byName.GetValueOrDefault(name);

    public bool TryFind(Type type, [NotNullWhen(true)] out MessageContract? contract) => _byType.TryGetValue(type, out contract);

    /// <summary>The same messages, which later additions do not change.</summary>
    public MessageContracts Copy()
    {
        var copy = new MessageContracts();
        foreach (var (name, contract) in _byName)
        {
            copy._byName.Add(name, contract);
            copy._byType.Add(contract.Type, contract);
        }

        return copy;
    }
}
