using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.TaskQueues;
using Spectre.Console;

namespace Monitoring.Cli.Tests;

/// <summary>A monitored service with a queue, on a free port of loopback, and the command line that asks it.</summary>
internal sealed class Service : IAsyncDisposable
{
    public const string AdminKey = "admin-key-0123456789";
    public const string ReaderKey = "reader-key-0123456789";

    private readonly WebApplication _app;

    private Service(WebApplication app) => _app = app;

    public string Url => $"{_app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/api/performance";

    public IBackgroundTaskQueue Queue => _app.Services.GetRequiredService<IBackgroundTaskQueue>();

    public IPerformanceMonitor Monitor => _app.Services.GetRequiredService<IPerformanceMonitor>();

    public static async Task<Service> StartAsync(Action<TaskQueueOptions>? queue = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Monitoring:Api:ReaderKey"] = ReaderKey;
        builder.Configuration["Monitoring:Api:AdminKey"] = AdminKey;

        // How busy the machine is that runs the tests is no matter of theirs.
        builder.Configuration["Monitoring:System:Enabled"] = "false";
        builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring")).AddTaskQueue(queue);
        var app = builder.Build();
        app.MapMonitoring();
        await app.StartAsync();
        return new Service(app);
    }

    /// <summary>Runs the command line against this service, as an admin.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) =>
        RunAsync(name => name switch { "MONITORING_URL" => Url, "MONITORING_KEY" => AdminKey, _ => null }, args);

    /// <summary>Runs the command line.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(Func<string, string?> environment, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 400;
        var exitCode = await CommandLine.RunAsync(args, console, error, environment);
        return (exitCode, output.ToString(), error.ToString());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
