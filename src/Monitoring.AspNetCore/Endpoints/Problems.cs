using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Monitoring.AspNetCore.Json;

namespace Monitoring.AspNetCore.Endpoints;

/// <summary>Refusals as RFC 9457 problems. The type is left out, which means <c>about:blank</c>: the status says it all.</summary>
internal static class Problems
{
    private const string MediaType = "application/problem+json";
    private const int LongestEcho = 64;

    public static IResult For(int status, string detail) =>
        TypedResults.Json(
            new ProblemDetails { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail },
            ApiJson.For<ProblemDetails>(),
            MediaType,
            status);

    /// <summary>400, naming the field, what was sent and what is allowed.</summary>
    public static IResult BadField(string field, string message) => BadFields([(field, message)]);

    /// <summary>400, naming each field, what was sent and what is allowed.</summary>
    public static IResult BadFields(IEnumerable<(string Field, string Message)> errors)
    {
        var byField = errors.ToLookup(static error => error.Field, static error => error.Message);
        return TypedResults.Json(
            new HttpValidationProblemDetails(byField.ToDictionary(static field => field.Key, static field => field.ToArray()))
            {
                Status = StatusCodes.Status400BadRequest,
                Title = ReasonPhrases.GetReasonPhrase(StatusCodes.Status400BadRequest),
                Detail = string.Join(' ', byField.SelectMany(static field => field.Select(message => $"'{field.Key}': {message}"))),
            },
            ApiJson.For<HttpValidationProblemDetails>(),
            MediaType,
            StatusCodes.Status400BadRequest);
    }

    /// <summary>What was sent, short enough to repeat.</summary>
    public static string Echo(string value) => value.Length <= LongestEcho ? value : $"{value[..LongestEcho]}…";
}
