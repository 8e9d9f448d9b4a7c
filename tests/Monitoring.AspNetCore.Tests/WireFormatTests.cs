using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monitoring.AspNetCore.Endpoints;
using Monitoring.AspNetCore.Json;
using Monitoring.CircuitBreakers;
using Monitoring.Redis;
using Monitoring.TaskQueues;
using Monitoring.Webhooks;

namespace Monitoring.AspNetCore.Tests;

/// <summary>Walks everything that can be answered: units in names, and nothing that only reflection could write.</summary>
public sealed class WireFormatTests
{
    private static readonly JsonTypeInfo[] Roots =
    [
        ApiJson.For<WebhookTimingSummary>(),
        ApiJson.For<RedisOperationSummary>(),
        ApiJson.For<TaskQueueSummary>(),
        ApiJson.For<IReadOnlyList<CircuitBreakerSummary>>(),
        ApiJson.For<AlertsResponse>(),
        ApiJson.For<AlertResponse>(),
        ApiJson.For<AlertRulesResponse>(),
        ApiJson.For<NotifiersResponse>(),
        ApiJson.For<SilencesResponse>(),
        ApiJson.For<AuditResponse>(),
        ApiJson.For<HealthResponse>(),
    ];

    [Fact]
    public void Every_duration_says_its_unit()
    {
        var durations = Reachable().SelectMany(type => type.Properties)
            .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(TimeSpan)).ToList();

        durations.Should().NotBeEmpty().And.OnlyContain(property => property.Name.EndsWith("Ms", StringComparison.Ordinal));
    }

    [Fact]
    public void No_duration_hides_in_a_collection_where_its_unit_could_not_be_said() =>
        Reachable().Where(type => type.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary).Select(type => type.ElementType)
            .Should().NotContain([typeof(TimeSpan), typeof(TimeSpan?)]);

    [Fact]
    public void Names_are_camel_case() =>
        Reachable().SelectMany(type => type.Properties).Select(property => property.Name).Should().OnlyContain(name => char.IsAsciiLetterLower(name[0]));

    [Fact]
    public void Enums_are_words()
    {
        var type = ApiJson.For<IReadOnlyList<CircuitBreakerSummary>>();

        JsonSerializer.Serialize([new CircuitBreakerSummary { Name = "redis", State = CircuitState.HalfOpen }], type).Should().Contain("\"state\":\"HalfOpen\"");
    }

    private static List<JsonTypeInfo> Reachable()
    {
        var found = new Dictionary<Type, JsonTypeInfo>();
        var open = new Queue<JsonTypeInfo>(Roots);
        while (open.TryDequeue(out var type))
        {
            if (found.TryAdd(type.Type, type))
            {
                var next = type.Properties.Select(property => property.PropertyType).Append(type.ElementType).OfType<Type>();
                next.ToList().ForEach(member => open.Enqueue(type.Options.GetTypeInfo(member)));
            }
        }

        return [.. found.Values];
    }
}
