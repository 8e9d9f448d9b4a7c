using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.OpenApi;

/// <summary>Describes our endpoints by what they say of themselves: method and path, body, answers and refusals.</summary>
internal sealed class ApiDescriptions(IEnumerable<RouteEndpoint> endpoints) : IApiDescriptionGroupCollectionProvider
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    public ApiDescriptionGroupCollection ApiDescriptionGroups { get; } = new([new ApiDescriptionGroup(ApiDocument.Name, [.. endpoints.SelectMany(Describe)])], version: 1);

    /// <summary>When each status is answered that endpoints may refuse a request with.</summary>
    public static IEnumerable<FailureDescription> FailuresOf(IReadOnlyList<object> metadata, string path)
    {
        var body = metadata.OfType<BodyDescription>().Any();
        if (body || metadata.OfType<QueryParameter>().Any())
        {
            yield return new(StatusCodes.Status400BadRequest, "A field is wrong: errors names each, with what is allowed.");
        }

        yield return new(StatusCodes.Status401Unauthorized, "No credentials, or wrong ones.");
        if (metadata.OfType<ApiRole>().Contains(ApiRole.Admin))
        {
            yield return new(StatusCodes.Status403Forbidden, "Only an administrator may do this.");
        }

        if (path.Contains('{'))
        {
            yield return new(StatusCodes.Status404NotFound, "What is named in the path is not there.");
        }

        yield return new(StatusCodes.Status413PayloadTooLarge, "The body is too long.");
        if (body)
        {
            yield return new(StatusCodes.Status415UnsupportedMediaType, "The body is not JSON.");
        }

        yield return new(StatusCodes.Status429TooManyRequests, "Too many requests, or too many wrong keys; Retry-After says how long to wait.");
        yield return new(StatusCodes.Status500InternalServerError, "An error of the monitor; the log of the service says more.");
        foreach (var failure in metadata.OfType<FailureDescription>())
        {
            yield return failure;
        }
    }

    private static IEnumerable<ApiDescription> Describe(RouteEndpoint endpoint)
    {
        var path = endpoint.RoutePattern.RawText!.TrimStart('/');
        foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
        {
            // How a WebSocket is opened over HTTP/2; OpenAPI has no such operation.
            if (HttpMethods.IsConnect(method))
            {
                continue;
            }

            var description = new ApiDescription
            {
                HttpMethod = method,
                RelativePath = path,
                GroupName = ApiDocument.Name,
                ActionDescriptor = new ActionDescriptor { EndpointMetadata = [.. endpoint.Metadata], DisplayName = endpoint.DisplayName },
            };
            if (endpoint.Metadata.GetMetadata<BodyDescription>() is { } body)
            {
                description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = Json });
                description.ParameterDescriptions.Add(new ApiParameterDescription
                {
                    Name = "body",
                    Type = body.Type,
                    Source = BindingSource.Body,
                    IsRequired = body.IsRequired,
                });
            }

            AddAnswers(description, endpoint.Metadata);
            yield return description;
        }
    }

    private static void AddAnswers(ApiDescription description, EndpointMetadataCollection metadata)
    {
        var answers = metadata.OfType<IProducesResponseTypeMetadata>().ToDictionary(static answer => answer.StatusCode);
        foreach (var answer in answers.Values)
        {
            Add(answer.StatusCode, answer.Type, answer.ContentTypes.Any() ? answer.ContentTypes : [Json]);
        }

        foreach (var status in FailuresOf([.. metadata], description.RelativePath!).Select(static failure => failure.Status).Distinct().Where(status => !answers.ContainsKey(status)))
        {
            Add(status, status == StatusCodes.Status400BadRequest ? typeof(HttpValidationProblemDetails) : typeof(ProblemDetails), [ProblemJson]);
        }

        void Add(int status, Type? type, IEnumerable<string> mediaTypes) => description.SupportedResponseTypes.Add(new ApiResponseType
        {
            StatusCode = status,
            Type = type == typeof(object) ? typeof(JsonObject) : type == typeof(void) ? null : type,
            ApiResponseFormats = [.. mediaTypes.Select(static mediaType => new ApiResponseFormat { MediaType = mediaType })],
        });
    }
}
