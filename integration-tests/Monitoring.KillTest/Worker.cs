using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Redis.Streams;
using Monitoring.TaskQueues;

namespace Monitoring.KillTest;

/// <summary>The message: a number to be done.</summary>
internal sealed record Numbered(int Number);

/// <summary>
/// Takes its time, and writes down when it begins and ends. Each line is one write to a file of this process, past all
/// buffers of ours: it is with the kernel before the queue hears that the task is done, and a SIGKILL cannot take it back.
/// </summary>
internal sealed class Handler(Ledger ledger, TaskTime time) : ITaskHandler<Numbered>
{
    public async ValueTask HandleAsync(Numbered message, TaskContext context, CancellationToken cancellationToken)
    {
        ledger.Write('+', message.Number);
        await Task.Delay(TimeSpan.FromMilliseconds(time.Milliseconds * (0.5 + Random.Shared.NextDouble())), cancellationToken);
        ledger.Write('=', message.Number);
    }
}

internal sealed record TaskTime(int Milliseconds);

/// <summary>The file of one process: a line for each begin (+) and end (=) of a task. Thread-safe.</summary>
internal sealed class Ledger(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Write(char mark, int number)
    {
        var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{mark}{number}\n"));
        lock (_lock)
        {
            _file.Write(line);
        }
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>A process that runs tasks as any service would: a host, the queue, a handler.</summary>
internal static class Worker
{
    public static async Task RunAsync(string endPoint, string directory, int milliseconds)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(new TaskTime(milliseconds));
        builder.Services.AddSingleton(_ => new Ledger(Path.Combine(directory, $"{Environment.ProcessId}.ledger")));
        builder.Services.AddMonitoring()
            .AddRedis($"{endPoint},connectRetry=3,connectTimeout=2000,asyncTimeout=2000", redis => redis.UseDiagnostics = false)
            .AddRedisTaskQueue(KillTestOptions.QueueName, Configure)
            .AddTaskHandler<Numbered, Handler>();
        using var host = builder.Build();

        await host.StartAsync();

        // The driver closes our input when it wants us to stop, and the system does when the driver dies.
        _ = Task.Run(async () =>
        {
            while (await Console.In.ReadLineAsync() is not null)
            {
            }

            host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        });
        await host.WaitForShutdownAsync();
    }

    public static void Configure(RedisTaskQueueOptions options)
    {
        options.Group = KillTestOptions.Group;
        options.ClaimIdleTime = TimeSpan.FromSeconds(5);
        options.Capacity = 5_000;

        // An hour by default; here the end should show that they do go.
        options.ConsumerRetention = TimeSpan.FromSeconds(10);
        options.AddMessage<Numbered>("numbered");
    }
}
