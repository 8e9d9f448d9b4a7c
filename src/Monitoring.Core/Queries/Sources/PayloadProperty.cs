using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Monitoring.Queries.Sources;

/// <summary>
/// A property of an event's payload, whose type the monitor does not reference: a pair of a list, where the payload is one
/// (Microsoft.Data.SqlClient), else by reflection. Thread-safe; what was found for the last type is kept.
/// </summary>
internal sealed class PayloadProperty(string name)
{
    private Found? _last;

    /// <summary>Its value; null when there is none.</summary>
    public object? Get(object payload)
    {
        if (payload is IReadOnlyList<KeyValuePair<string, object?>> pairs)
        {
            for (var i = 0; i < pairs.Count; i++)
            {
                if (pairs[i].Key == name)
                {
                    return pairs[i].Value;
                }
            }

            return null;
        }

        var type = payload.GetType();
        if (Volatile.Read(ref _last) is not { } found || found.Type != type)
        {
            Volatile.Write(ref _last, found = new Found(type, Find(type)));
        }

        return found.Property?.GetValue(payload);
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2070", Justification = "A property that was trimmed away reads as null, and the event is passed over; EF Core does not support trimming.")]
    private PropertyInfo? Find(Type type) => type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance);

    private sealed record Found(Type Type, PropertyInfo? Property);
}
