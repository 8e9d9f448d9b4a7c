using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.OpenApi;

/// <summary>What <c>openapi.json</c> says of an endpoint beside its answers (<c>Produces</c>); a test asks each for a summary.</summary>
internal static class EndpointDescriptions
{
    /// <summary>What the endpoint is for, in a sentence, and the query parameters that it reads.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string summary, params QueryParameter[] query) =>
        endpoint.WithSummary(summary).WithMetadata([.. query]);

    /// <summary>The JSON object that the endpoint reads.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, bool isRequired = false) =>
        endpoint.WithMetadata(new BodyDescription(typeof(T), isRequired));

    /// <summary>A refusal of its own. What every endpoint may refuse is described anyway.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, int status, string when) =>
        endpoint.WithMetadata(new FailureDescription(status, when));
}

/// <summary>The body of a request. Not <c>Accepts</c>, which makes routing refuse requests before anybody has looked at their keys.</summary>
internal sealed record BodyDescription(Type Type, bool IsRequired);

/// <summary>A refusal, and when it comes.</summary>
internal sealed record FailureDescription(int Status, string When);

/// <summary>A query parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says, with its range and default.</param>
/// <param name="Type">The JSON type that its text stands for: <c>string</c>, <c>integer</c> or <c>boolean</c>.</param>
/// <param name="Minimum">The least number.</param>
/// <param name="Maximum">The largest number.</param>
/// <param name="Names">The only texts that are allowed.</param>
internal sealed record QueryParameter(string Name, string Description, string Type = "string", int? Minimum = null, int? Maximum = null, IReadOnlyList<string>? Names = null)
{
    public static readonly QueryParameter Window = new("window", "How far to look back: 90s, 15m, 1h or 00:15:00; 1 s to 1 h, which is the default.");

    public static readonly QueryParameter Limit = Count("limit", "How many entries are wanted", 1, 1000, 100);

    public static readonly QueryParameter Cursor = new("cursor", "Where to go on: what an answer had as next.");

    public static QueryParameter Count(string name, string description, int minimum, int maximum, int standard) =>
        new(name, $"{description}: {minimum} to {maximum}; {standard} by default.", "integer", minimum, maximum);

    public static QueryParameter Flag(string name, string description) => new(name, description, "boolean");

    public static QueryParameter OneOf<T>(string name, string description)
        where T : struct, Enum => new(name, description, Names: Enum.GetNames<T>());
}
