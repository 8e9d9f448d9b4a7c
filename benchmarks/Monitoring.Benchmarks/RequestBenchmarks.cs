using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Requests;

namespace Monitoring.Benchmarks;

/// <summary>
/// What the middleware costs a request, over the same host and pipeline without it: routing to a template, an activity for each request, a
/// handler that completes at once and one that does not. Budget: 1 µs and 0 B.
/// </summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private readonly PipelineServer _bare = new();
    private readonly PipelineServer _monitored = new();
    private readonly Activity _activity = new Activity("request").Start();
    private WebApplication _bareApp = null!;
    private WebApplication _monitoredApp = null!;
    private RequestMonitor _monitor = null!;
    private OperationState _operation = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        _bareApp = await StartAsync(_bare, static _ => { });
        _monitoredApp = await StartAsync(_monitored, static app => app.UseRequestMonitoring());
        _monitor = _monitoredApp.Services.GetRequiredService<IPerformanceMonitor>().Requests;
        _operation = OperationState.Begin("GET /orders", _activity);
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _bareApp.DisposeAsync();
        await _monitoredApp.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public Task Bare() => _bare.ServeAsync("/orders/17");

    [Benchmark]
    public Task Monitored() => _monitored.ServeAsync("/orders/17");

    [Benchmark]
    public Task BarePending() => _bare.ServeAsync("/pending/17");

    [Benchmark]
    public Task MonitoredPending() => _monitored.ServeAsync("/pending/17");

    /// <summary>A request that was measured elsewhere, of an authenticated user.</summary>
    [Benchmark]
    public void RecordWithUser() => _monitor.Record(new RequestMetric("/orders/{id}", TimeSpan.FromMilliseconds(12)) { Method = "GET", StatusCode = 200, UserId = "anna@example.com" });

    /// <summary>The time of a Redis command added to the request around it.</summary>
    [Benchmark]
    public void AttributeCommand() => OperationScope.Find(_activity)?.AddRedis(1);

    private static async Task<WebApplication> StartAsync(PipelineServer server, Action<WebApplication> use)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IServer>(server).AddMonitoring();
        var app = builder.Build();
        use(app);

        // The host starts an activity for each request where somebody listens: the same for both.
        if (!app.Services.GetRequiredService<DiagnosticListener>().IsEnabled())
        {
            app.Services.GetRequiredService<DiagnosticListener>().Subscribe(new Nobody(), static (name, _, _) => name.StartsWith("Microsoft.AspNetCore.Hosting.HttpRequestIn", StringComparison.Ordinal));
        }

        app.MapGet("/orders/{id}", static context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        app.MapGet("/pending/{id}", static async context =>
        {
            await Task.Yield();
            context.Response.StatusCode = 204;
        });
        await app.StartAsync();
        return app;
    }

    private sealed class Nobody : IObserver<KeyValuePair<string, object?>>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
        }
    }

    /// <summary>A server without a network: one request at a time, over features that are used again, as a connection of Kestrel has them.</summary>
    private sealed class PipelineServer : IServer
    {
        private readonly HttpRequestFeature _request = new() { Method = "GET", Scheme = "http", Protocol = "HTTP/1.1" };
        private readonly HttpResponseFeature _response = new();
        private Func<Task> _serve = null!;

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull
        {
            var features = new FeatureCollection();
            features.Set<IHttpRequestFeature>(_request);
            features.Set<IHttpResponseFeature>(_response);
            features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
            var perRequest = new FeatureCollection(features);
            _serve = async () =>
            {
                var context = application.CreateContext(perRequest);
                Exception? failure = null;
                try
                {
                    await application.ProcessRequestAsync(context);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }

                application.DisposeContext(context, failure);
                perRequest.Set<IEndpointFeature>(null);
            };
            return Task.CompletedTask;
        }

        public Task ServeAsync(string path)
        {
            _request.Path = path;
            _response.StatusCode = 200;
            return _serve();
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
