using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Alerts;
using Monitoring.IntegrationTests.Service;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>A small application with a monitor, its API and its dashboard, to which a test says what happens in it.</summary>
internal sealed class HostedMonitor : IAsyncDisposable
{
    public const string AdminKey = ServiceProcess.AdminKey;
    public const string ReaderKey = SampleStage.ReaderKey;

    private readonly WebApplication _app;
    private readonly string _base;

    private HostedMonitor(WebApplication app, string pathBase)
    {
        _app = app;
        _base = pathBase;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address };
        Client.DefaultRequestHeaders.Add("X-Api-Key", AdminKey);
    }

    public Uri Address { get; }

    public Uri Dashboard => new(Address, $"{_base}/monitoring/");

    /// <summary>Asks as an administrator.</summary>
    public HttpClient Client { get; }

    public IPerformanceMonitor Monitor => _app.Services.GetRequiredService<IPerformanceMonitor>();

    /// <summary>What it finds is an alert until it finds it no more.</summary>
    public SwitchedRule Rule => (SwitchedRule)_app.Services.GetRequiredService<IAlertRule>();

    /// <param name="pathBase">What every path begins with, such as <c>/app</c>.</param>
    /// <param name="configure">Middleware in front of everything.</param>
    public static async Task<HostedMonitor> StartAsync(string pathBase = "", Action<WebApplication>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Monitoring:Api:AdminKey"] = AdminKey;
        builder.Configuration["Monitoring:Api:ReaderKey"] = ReaderKey;
        builder.Configuration["Monitoring:Api:ReadsPerMinute"] = "0";
        builder.Services.AddMonitoring(static options =>
        {
            foreach (var rule in SampleStage.OfTheMachine)
            {
                options.Alerts.Rules.Add(new AlertRuleOptions { Name = rule, Enabled = false });
            }
        }).AddTaskQueue();
        builder.Services.AddSingleton<IAlertRule, SwitchedRule>();
        var app = builder.Build();
        try
        {
            if (pathBase.Length > 0)
            {
                app.UsePathBase(pathBase);
            }

            configure?.Invoke(app);

            // After what changes the path.
            app.UseRouting();
            app.MapMonitoring();
            app.MapMonitoringDashboard();
            await app.StartAsync();
            return new HostedMonitor(app, pathBase);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>Finds what a test tells it to find.</summary>
internal sealed class SwitchedRule : IAlertRule
{
    private volatile IReadOnlyList<AlertFinding> _findings = [];

    public string Name => "switched";

    public void Find(params AlertFinding[] findings) => _findings = findings;

    public IEnumerable<AlertFinding> Evaluate(IAlertReadings readings) => _findings;
}
