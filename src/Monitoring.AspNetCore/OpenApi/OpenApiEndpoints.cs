using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.OpenApi;

/// <summary>The API's description of itself.</summary>
internal static class OpenApiEndpoints
{
    public const string Path = "openapi.json";

    public static void Map(RouteGroupBuilder group, ApiAccess access, ApiGate gate)
    {
        var document = new ApiDocument(gate);
        group.MapGet(Path, (HttpContext context, CancellationToken cancellation) => WriteAsync(context, document, cancellation)).ForReaders(access)
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .Describe("This API in OpenAPI 3.1.");
    }

    private static async Task<FileContentHttpResult> WriteAsync(HttpContext context, ApiDocument document, CancellationToken cancellation) =>
        TypedResults.Bytes(await document.GetAsync(context.RequestServices, cancellation).ConfigureAwait(false), "application/json");
}
