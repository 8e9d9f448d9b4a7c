using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Monitoring.AspNetCore.Requests;

/// <summary>
/// Learns from the host when a request has ended, whichever server it runs on: after the response, with the status that the client got.
/// Awaiting the rest of the pipeline would cost a task for each request, and the end of the pipeline is not yet that of the request.
/// </summary>
/// <remarks>
/// ASP.NET Core writes these events on its own <see cref="DiagnosticListener"/>, in <c>HostingApplicationDiagnostics</c>; being asked for, it starts an
/// activity for each request, as it does anyway where logging is on. Of the start it tells so that it will tell of the stop.
/// </remarks>
internal sealed class HostingEvents : IObserver<KeyValuePair<string, object?>>
{
    private const string RequestActivity = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string Started = RequestActivity + ".Start";
    private const string Stopped = RequestActivity + ".Stop";

    private static readonly HostingEvents Instance = new();

    private HostingEvents()
    {
    }

    /// <summary>Listens to the host for as long as it lives.</summary>
    public static void Listen(DiagnosticListener listener) =>
        listener.Subscribe(Instance, static (name, _, _) => name is RequestActivity or Started or Stopped);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == Stopped && value.Value is HttpContext context && context.Features.Get<MonitoredRequest>() is { } request)
        {
            request.Middleware.End(context, request);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
