using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Monitoring.AspNetCore.Json;
using Monitoring.AspNetCore.Security;

namespace Monitoring.AspNetCore.OpenApi;

/// <summary>
/// Writes the OpenAPI document of one API, when somebody asks for it for the first time. It has services of its own: a document
/// of the host goes by the host's JSON settings and these endpoints do not, and the host need not add anything. Thread-safe.
/// </summary>
internal sealed class ApiDocument(ApiGate gate)
{
    /// <summary>Name of the document, and of the group that its endpoints are in.</summary>
    public const string Name = "monitoring";

    // Made once; two who ask for the first time at the same time make the same.
    private volatile byte[]? _document;

    /// <summary>The document as UTF-8.</summary>
    /// <param name="host">The services of the host, of which endpoints and environment are read.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<byte[]> GetAsync(IServiceProvider host, CancellationToken cancellationToken) =>
        _document ??= await WriteAsync(host, cancellationToken).ConfigureAwait(false);

    private async Task<byte[]> WriteAsync(IServiceProvider host, CancellationToken cancellationToken)
    {
        RouteEndpoint[] endpoints =
        [
            .. host.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<ApiGate>() == gate && endpoint.Metadata.OfType<ApiRole>().Any()),
        ];
        var prefix = PrefixOf(endpoints);
        var own = new ServiceCollection();
        own.AddSingleton(host.GetRequiredService<IHostEnvironment>());
        own.AddSingleton<IApiDescriptionGroupCollectionProvider>(new ApiDescriptions(endpoints));
        own.AddLogging();
        own.Configure<JsonOptions>(static json => ApiJson.CopyTo(json.SerializerOptions));
        own.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = static _ => true;
            options.AddSchemaTransformer(static (schema, context, _) =>
            {
                ApiSchemas.Correct(schema, context.JsonTypeInfo);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                ApiOperations.Complete(operation, context.Description, context.Document!, prefix);
                return Task.CompletedTask;
            });
            options.AddDocumentTransformer(static (document, _, _) =>
            {
                ApiOperations.Complete(document);
                return Task.CompletedTask;
            });
        });
        var services = own.BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(cancellationToken).ConfigureAwait(false);
            using var output = new MemoryStream();
            await document.SerializeAsJsonAsync(output, OpenApiSpecVersion.OpenApi3_1, cancellationToken).ConfigureAwait(false);
            return output.ToArray();
        }
    }

    // Where the host has put us: what is in front of this very document.
    private static string PrefixOf(IEnumerable<RouteEndpoint> endpoints) =>
        endpoints.Select(static endpoint => endpoint.RoutePattern.RawText!.TrimStart('/')).First(static path => path.EndsWith(OpenApiEndpoints.Path, StringComparison.Ordinal))[..^OpenApiEndpoints.Path.Length];
}
