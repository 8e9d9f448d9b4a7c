using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Monitoring.AspNetCore.Json;

/// <summary>How things look on the wire: <see cref="ApiJsonContext"/> with units in the names of durations.</summary>
internal static class ApiJson
{
    private static readonly JsonSerializerOptions Contract = CreateContract();

    public static JsonTypeInfo<T> For<T>() => (JsonTypeInfo<T>)Contract.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions CreateContract()
    {
        var context = ApiJsonContext.Default;
        var contract = new JsonSerializerOptions(context.Options) { TypeInfoResolver = context.WithAddedModifier(DurationNames.Append) };
        contract.MakeReadOnly();
        return contract;
    }
}
