using Npgsql;
using StackExchange.Redis;
using WebhookService;
using WebhookService.Events;
using WebhookService.Webhooks;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (ServiceSettings.Read(builder.Configuration, out var missing) is not { } settings)
{
    Console.Error.WriteLine(missing);
    return 1;
}

builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = WebhookBody.LongestBody);

// The monitor, a monitored connection, a monitored queue with its workers: appsettings.json says how many and how often.
var monitoring = builder.Services.AddMonitoring(builder.Configuration.GetSection("Monitoring"))
    .AddRedis(settings.Redis)
    .AddRedisProbe("redis")
    .AddTaskQueue()
    .AddTaskHandler<WebhookEvent, WebhookEventHandler>();

// PostgreSQL is there for those who have one: its queries and its health are watched as well.
if (settings.PostgreSql is { } postgreSql)
{
    builder.Services.AddSingleton(NpgsqlDataSource.Create(postgreSql));
    monitoring.AddServiceProbe("postgresql", static services => services.GetRequiredService<NpgsqlDataSource>().CreateConnection());
}

builder.Services.AddSingleton(settings);
builder.Services.AddSingleton(static services => new RepositorySettingsTable(services.GetService<NpgsqlDataSource>()));
builder.Services.AddSingleton(services => services.GetRequiredService<IConnectionMultiplexer>().GetDatabase());
builder.Services.AddSingleton<EventStore>();
builder.Services.AddSingleton<RepositorySettingsCache>();
builder.Services.AddSingleton<WebhookIntake>();

var app = builder.Build();
app.UseRequestMonitoring();
app.MapPost("/webhooks/github", GitHubWebhook.HandleAsync);
app.MapPost("/webhooks/twilio", TwilioWebhook.HandleAsync);
app.MapGet("/stats", StatisticsEndpoint.HandleAsync);
app.MapMonitoring();
app.MapMonitoringDashboard();

await app.Services.GetRequiredService<RepositorySettingsTable>().PrepareAsync();

// Connect now: the first webhook should not have to wait for it.
app.Services.GetRequiredService<IConnectionMultiplexer>();
app.Run();
return 0;

/// <summary>Named for the tests that host it.</summary>
public partial class Program;
