using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Logging;
using Monitoring.AspNetCore.Endpoints;

namespace Monitoring.AspNetCore.Security;

/// <summary>
/// Stands in front of every endpoint of ours: headers, limits, roles, sizes, and what an exception looks like from outside. It
/// wraps the finished endpoint, so that nothing of it runs before. It is also what marks the endpoints of one API.
/// </summary>
internal sealed class ApiGate(ApiAccess access, ILogger logger) : IRequestSizeLimitMetadata
{
    /// <summary>What the largest change needs: some hundred rules.</summary>
    public const int LongestBody = 64 * 1024;

    // Nobody has to take over what a closed connection is answered.
    private const int ClientClosedRequest = 499;

    // A little more for the server itself, so that the refusal is ours when somebody sends without saying how much.
    long? IRequestSizeLimitMetadata.MaxRequestBodySize => LongestBody + 1024;

    /// <summary>Puts the gate before an endpoint that says whom it is for; what the host adds to our group is its own affair.</summary>
    public void Close(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is { } next && endpoint.Metadata.OfType<ApiRole>().Select(static role => (ApiRole?)role).LastOrDefault() is { } needed)
        {
            endpoint.RequestDelegate = context => InvokeAsync(context, next, needed);
        }
    }

    private async Task InvokeAsync(HttpContext context, RequestDelegate next, ApiRole needed)
    {
        ApiHeaders.Set(context.Response);
        try
        {
            var refusal = access.Check(context, needed)
                ?? (context.Request.ContentLength > LongestBody ? RequestBody.TooLong() : null);
            await (refusal?.ExecuteAsync(context) ?? next(context)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }
        }
        catch (Exception exception)
        {
            if (exception is not BadHttpRequestException)
            {
                ApiLog.Failed(logger, context.Request.Method, context.GetEndpoint()?.DisplayName, exception);
            }

            await AnswerAsync(context, exception).ConfigureAwait(false);
        }
    }

    private static async Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        context.Response.Clear();
        ApiHeaders.Set(context.Response);
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => RequestBody.TooLong(),
            BadHttpRequestException bad => Problems.For(bad.StatusCode, "The request cannot be read."),
            _ => Problems.For(StatusCodes.Status500InternalServerError, "This cannot be answered now; the service's log says why."),
        };
        await problem.ExecuteAsync(context).ConfigureAwait(false);
    }
}
