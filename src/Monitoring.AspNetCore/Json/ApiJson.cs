using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Monitoring.AspNetCore.Json;

/// <summary>How things look on the wire: <see cref="ApiJsonContext"/> with units in the names of durations.</summary>
internal static class ApiJson
{
    private static readonly JsonSerializerOptions Contract = CreateContract();

    public static JsonTypeInfo<T> For<T>() => (JsonTypeInfo<T>)Contract.GetTypeInfo(typeof(T));

    public static JsonTypeInfo TypeOf(Type type) => Contract.GetTypeInfo(type);

    /// <summary>Makes other options write and read as these do.</summary>
    public static void CopyTo(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = Contract.PropertyNamingPolicy;
        options.PropertyNameCaseInsensitive = Contract.PropertyNameCaseInsensitive;
        options.NumberHandling = Contract.NumberHandling;
        options.TypeInfoResolver = Contract.TypeInfoResolver;
        foreach (var converter in Contract.Converters)
        {
            options.Converters.Add(converter);
        }
    }

    private static JsonSerializerOptions CreateContract()
    {
        var context = ApiJsonContext.Default;
        var contract = new JsonSerializerOptions(context.Options) { TypeInfoResolver = context.WithAddedModifier(DurationNames.Append) };
        contract.MakeReadOnly();
        return contract;
    }
}
